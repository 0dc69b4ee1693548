from common.drops import dropped

dropped("channel_dropout", 2)
