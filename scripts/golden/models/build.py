"""The networks of others that ours are compared with, by the names of the project's golden files. Needs torchvision_stub
(or a working torchvision) on the path, segmentation_models_pytorch and efficientnet_lite_pytorch."""
import importlib.util

if importlib.util.find_spec("torchvision_stub"):
    import torchvision_stub  # noqa: F401
import segmentation_models_pytorch as smp
import torchvision
from efficientnet_lite_pytorch import EfficientNet as EfficientNetLite
from efficientnet_pytorch import EfficientNet

VGGS = [f"vgg{d}{n}" for d in (11, 13, 16, 19) for n in ("", "_bn")]
RESNETS = ["resnet18", "resnet34", "resnet50", "resnet101", "resnext50_32x4d", "resnext101_32x4d", "resnext101_32x8d"]
EFFICIENTNETS = [f"efficientnet-b{i}" for i in range(8)]
ENCODERS = VGGS + RESNETS + EFFICIENTNETS + ["efficientnet-lite0"]
DECODERS = {"unet": smp.Unet, "unet++": smp.UnetPlusPlus, "deeplabv3": smp.DeepLabV3, "deeplabv3+": smp.DeepLabV3Plus}


def encoder(name, in_channels=3, **options):
    if name == "efficientnet-lite0":  # SMP has no encoder of this name and these keys
        net = EfficientNetLite.from_name(name, in_channels=in_channels)
        del net._fc
        return net
    return smp.encoders.get_encoder(name, in_channels=in_channels, weights=None, **options)


def network(decoder, encoder_name, in_channels=1, classes=6, **options):
    return DECODERS[decoder](encoder_name, encoder_weights=None, in_channels=in_channels, classes=classes, **options)


def classifier(name, classes=1000):
    if name == "efficientnet-lite0":
        return EfficientNetLite.from_name(name, num_classes=classes)
    if name.startswith("efficientnet"):
        return EfficientNet.from_name(name, num_classes=classes)
    if name == "resnext101_32x4d":
        return torchvision.models.ResNet(
            torchvision.models.resnet.Bottleneck, [3, 4, 23, 3], num_classes=classes, groups=32, width_per_group=4
        )
    return getattr(torchvision.models, name)(weights=None, num_classes=classes)
