import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.one_database]


def test_login_page_finds_all_its_files_and_breaks_no_policy(live_server, page):
    answers: dict[str, int] = {}
    complaints: list[str] = []
    page.on("response", lambda response: answers.update({response.url: response.status}))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live_server.url}/login/", wait_until="networkidle")
    assert {url: status for url, status in answers.items() if status >= 400} == {}
    assert complaints == []
    kinds = {url.partition("?")[0].rpartition(".")[2] for url in answers}
    assert {"css", "js"} <= kinds


def test_browser_speaks_as_a_visitor_from_the_regency(page):
    zone = "Intl.DateTimeFormat().resolvedOptions().timeZone"
    assert page.evaluate(f"[navigator.language, {zone}]") == ["id-ID", "Asia/Jakarta"]
