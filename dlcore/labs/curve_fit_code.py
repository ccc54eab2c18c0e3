"""The lab `curve-fit` as a program: the same run with dlcore, and with PyTorch."""

from . import curves, mlp_code
from .curve_fit_controls import INPUTS


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the batch losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(mlp_code.Run):
    module = "curves"
    answer, loss, torch_loss = "yhat", "mse", "mse_loss"

    def data(self):
        v = self.v
        yield f"for_data, for_weights, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        if v["data"] not in curves.CURVES:
            yield f"x, y = curves.{'empty' if v['data'] == 'own' else 'working_day'}()"
            return
        given = f'"{v["data"]}", {v["n"]}, noise={v["noise"]}, rng=for_data'
        yield f"x, y, x_test, y_test = curves.draw({given})"

    def inputs(self):
        return INPUTS[self.v["input"]][0].format("x[i]")
