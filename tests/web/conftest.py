"""A running web part for each test."""

import pytest
from websites import serving, settings_in


@pytest.fixture
def site(tmp_path):
    with serving(settings_in(tmp_path)) as site:
        yield site
