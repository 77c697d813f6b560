"""How a tool ends."""

import pytest

from tools.errors import ToolError, run


def ends(error: BaseException) -> int | str | None:
    def main() -> int:
        raise error

    with pytest.raises(SystemExit) as ended:
        run(main)
    return ended.value.code


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ToolError("no such thing: make one"), 2, "error: no such thing: make one\n"),
        (OSError(28, "No space left on device", "results"), 2, "error: No space left on device (results)\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_what_a_user_can_mend_is_one_line(
    error: BaseException, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(error) == status
    assert capsys.readouterr().err == words


def test_a_defect_shows_where_it_is_and_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(KeyError("key")) == 2
    assert "KeyError: 'key'" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("status", [0, 1, 3, None])
def test_the_status_of_a_tool_is_kept(status: int | None) -> None:
    with pytest.raises(SystemExit) as ended:
        run(lambda: status)
    assert ended.value.code == (status or 0)
