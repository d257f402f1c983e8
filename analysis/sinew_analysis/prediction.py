"""How well a risk tells those to whom something happens from the others: logistic regression and its marks."""

import numpy as np

_STEPS = 50


def logistic(columns, event):
    """Coefficients of a logistic regression, the constant first, by Newton's method."""
    design = _design(columns)
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        p = _inverse_logit(design @ beta)
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design, design.T @ (event - p))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta


def risk(columns, beta):
    """Risk by these coefficients."""
    return _inverse_logit(_design(columns) @ beta)


def risk_from_other_half(columns, event, half):
    """Risk of everybody, by coefficients learned on those of the other half."""
    found = np.empty(len(event))
    for learn in (half, ~half):
        beta = logistic([column[learn] for column in columns], event[learn])
        found[~learn] = risk([column[~learn] for column in columns], beta)
    return found


def auc(score, event):
    """Probability that somebody with the event scores above somebody without; a tie counts half."""
    with_it, without = score[event], np.sort(score[~event])
    places = np.searchsorted(without, with_it, "left") + np.searchsorted(without, with_it, "right")
    return places.mean() / 2 / len(without)


def calibration_slope(predicted, event):
    """Slope of the logit of the event on the logit of its predicted risk: below 1 where risks are spread too wide."""
    return logistic([np.log(predicted / (1 - predicted))], event)[1]


def net_reclassification(before, after, event, thresholds):
    """Share of those with the event who rise by a class of risk, less those who fall; and of the others who fall, less
    those who rise. Classes lie between the thresholds, each of which belongs to the class above it."""
    move = np.sign(np.digitize(after, thresholds) - np.digitize(before, thresholds))
    return move[event].mean(), -move[~event].mean()


def _design(columns):
    return np.column_stack([np.ones(len(columns[0])), *columns])


def _inverse_logit(values):
    return 1 / (1 + np.exp(-values))
