"""The lab `style` as a program: the same letters, beliefs and signal, with dlcore or PyTorch."""

from ..activations import LeakyReLU
from ..conv import Conv2d
from ..conv_transpose import ConvTranspose2d
from ..layers import Layer
from ..style import Skip
from . import trained
from .source import source, wrapped
from .style_controls import FONTS, NEVER_SEEN, STYLES
from .style_translation import TRUE


def programs(lab):
    """dict(dlcore=..., torch=...): either leaves `made`, `hand`, `belief` and `dy`."""
    return {"dlcore": dlcore(lab), "torch": torch(lab)}


def dlcore(lab):
    return source(
        "import numpy as np",
        "from dlcore import data, non_saturating, sigmoid",
        "from dlcore.labs import trained",
        "from dlcore.style import with_style",
        "",
        *letters(lab),
        f"G, D = {nets(lab)}",
        "u = with_style(x[:, None], c)",
        "made = np.clip(G(u)[:, 0], 0, 1)",
        *judged(lab),
        "both = np.concatenate([u[i:i + 1], made[None, i:i + 1]], 1)",
        "v, cache = D.forward(both)",
        "belief = sigmoid(v[0, 0])  # patch by patch",
        "J, dv = non_saturating.generator(v)",
        "dy = D.backward(dv, cache)[0][0, -1]  # what D asks for is -dy",
        *report(lab),
    )


def torch(lab):
    return source(
        "import numpy as np",
        "import torch",
        "from dlcore import data",
        "from dlcore.labs import trained",
        "from torch import nn",
        "from torch.nn import Conv2d, ConvTranspose2d, LeakyReLU, Sigmoid",
        "",
        "class Skip(nn.Sequential):",
        "    def forward(self, x):",
        "        return torch.cat([x, super().forward(x)], 1)",
        "",
        *letters(lab),
        *network("G", lab.now.net),
        *network("D", trained.patch_discriminator()),
        f"for model, net in zip((G, D), ({nets(lab)})):",
        "    for p, trained_p in zip(model.parameters(), net.params.values(), strict=True):",
        "        p.data = torch.tensor(trained_p)",
        "planes = torch.tensor(c)[:, :, None, None].expand(-1, -1, 32, 32)",
        "u = torch.cat([torch.tensor(x.copy())[:, None], planes], 1)",
        "with torch.no_grad():",
        "    made = G(u)[:, 0].clip(0, 1).numpy()",
        *judged(lab),
        "y_hat = torch.tensor(made[None, i:i + 1], requires_grad=True)",
        "v = D(torch.cat([u[i:i + 1], y_hat], 1))",
        "belief = v[0, 0].sigmoid().detach().numpy()  # patch by patch",
        "J = nn.functional.softplus(-v).mean()",
        "dy = torch.autograd.grad(J, y_hat)[0][0, 0].numpy()  # what D asks for is -dy",
        *report(lab),
    )


def nets(lab):
    now = lab.now
    return f'trained.translator("{now.game}", {now.steps}), trained.patch_discriminator()'


def letters(lab):
    """x, y and c: all letters of the font, in the true style if there is one, and the condition."""
    v, font = lab.values, FONTS[lab.values["font"]]
    part = "test" if font in NEVER_SEEN else "train"
    yield f'fonts = data.font_styles("{part}")'
    yield f'font = fonts.x[fonts.families.index("{font}")]'
    yield f"x = font[0]{'[:, ::-1, ::-1]  # upside down' if v['turned'] else ''}"
    if lab.now.has_truth:
        turned = "[:, ::-1, ::-1]" if v["turned"] else ""
        yield f"y = font[{TRUE[v['style']]}]{turned}  # the true letters"
    yield f"c = np.tile(np.float32({asked(lab)}), (62, 1))"


def asked(lab):
    """How much of bold and of italic."""
    return [much * lab.values["strength"] for much in STYLES[lab.values["style"]]]


def judged(lab):
    bold, italic = asked(lab)
    yield f"hand = trained.by_hand()(x, {bold}, {italic})"
    yield ""
    yield f'i = data.CHARACTERS.index("{lab.values["letter"]}")'


def report(lab):
    if lab.now.has_truth:
        yield "for name, letters in dict(regular=x, network=made, by_hand=hand).items():"
        yield '    print(f"L1 {name}: {np.abs(letters - y).mean():.4f}")'
    yield 'print(f"D believes {belief.mean():.3f}, largest |dy| {np.abs(dy).max():.2e}")'


def network(name, net):
    yield from wrapped(f"{name} = nn.Sequential({', '.join(map(described, net.layers))})")


def described(layer: Layer):
    """A layer as PyTorch makes it."""
    if isinstance(layer, Skip):
        return f"Skip({', '.join(map(described, layer.inner.layers))})"
    if isinstance(layer, (Conv2d, ConvTranspose2d)):
        kind, channels = type(layer).__name__, layer.W.shape[:2]
        first, second = channels if kind == "ConvTranspose2d" else channels[::-1]
        return f"{kind}({first}, {second}, {layer.kernel_size}, {layer.stride}, {layer.padding})"
    slope = f"{layer.negative_slope:g}" if isinstance(layer, LeakyReLU) else ""
    return f"{type(layer).__name__}({slope})"
