from common.drops import dropped

dropped("drop_path", 1)
