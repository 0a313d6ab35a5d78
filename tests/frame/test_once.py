"""What every process of a run begins with is made once, and where it is kept, once for several runs."""

import pytest

from tafcore.testing import Once


@pytest.mark.parametrize(("kept", "times"), [(True, 1), (False, 2)])
def test_what_is_kept_is_there_for_the_next_run(tmp_path, kept, times):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "it").write_text("made")

    for _ in range(2):
        run = Once(tmp_path, kept)
        with run.made("thing", make) as mine, run.made("thing", make) as yours:
            assert mine == yours and (yours / "it").read_text() == "made"
        assert (tmp_path / "thing").exists() == kept
    assert len(made) == times


def test_what_could_not_be_made_is_made_anew(tmp_path):
    def breaks(folder):
        (folder / "half").write_text("half")
        raise OSError

    with pytest.raises(OSError), Once(tmp_path).made("thing", breaks):
        pass
    with Once(tmp_path).made("thing", lambda _: None) as folder:
        assert list(folder.iterdir()) == []
