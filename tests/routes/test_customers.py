"""The pages of customers: as a visitor of the app meets them, with htmx and without."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from actions import customers
from domain.access import Role
from models.ids import new_id
from routes.forms.customer import LABELS
from tests.actions.making import issued, line, saved
from tests.actions.registering import customer
from tests.world import Company, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
LIST = {**PARTIAL, "HX-Target": "div#list"}
MORE = {**PARTIAL, "HX-Target": "li#more"}
ODD = ["=HYPERLINK(\"http://evil\",\"x\")", "+1", "@SUM(1)", "＝1", "100% _ok_", "O'Hara \"& Co\"", "<script>x</script>",
       "{{7*7}}", "😀 AS", "\u05e9\u05dc\u05d5\u05dd"]  # fmt: skip


def form(**values: str) -> dict[str, str]:
    return {"kind": "business", "name": "Nordlys AS", "country": "NO", "language": "nb", "currency": "NOK", **values}


def names_in(answer: httpx.Response) -> list[str]:
    return re.findall(r'<a href="/customers/[0-9a-f-]{36}"[^>]*>.*?</span><span>([^<]+)<small>', answer.text)


async def stored(owner: asyncpg.Connection, customer_id: UUID | str) -> dict[str, Any]:
    row = await owner.fetchrow("select * from customer where id = $1", UUID(str(customer_id)))
    return dict(row) if row else {}


# --- the list


async def test_an_empty_list_says_what_belongs_there(world: World) -> None:
    answer = await (await world.company()).get("/customers")
    assert answer.status_code == 200
    assert "No customers yet" in answer.text and 'href="/customers/new"' in answer.text


async def test_the_list_names_each_customer_and_what_is_owed(world: World) -> None:
    company = await world.company()
    made = await customer(company, "Nordlys AS")
    await customer(company, "Kaffe AS")
    await issued(company, made, line("100"))
    answer = await company.get("/customers")
    assert names_in(answer) == ["Kaffe AS", "Nordlys AS"]
    assert "125.00" in answer.text


async def test_searching_works_as_a_form_and_as_one_types(world: World) -> None:
    company = await world.company()
    for name in ("Nordlys AS", "Nordvind AS", "Kaffe AS"):
        await customer(company, name, email="")
    whole = await company.get("/customers?q=nord")
    part = await company.get("/customers?q=nord", headers=LIST)
    assert names_in(whole) == names_in(part) == ["Nordlys AS", "Nordvind AS"]
    assert 'value="nord"' in whole.text and "<html" in whole.text
    assert "<html" not in part.text and "<form" not in part.text
    assert '<hx-partial id="found-count">2 customers</hx-partial>' in part.text


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "\\", "\0", "😀", "‮abc", "x" * 10_240, "' or 1=1 --"])
async def test_an_odd_search_finds_nothing_and_breaks_nothing(world: World, query: str) -> None:
    """S-25"""
    company = await world.company()
    await customer(company)
    answer = await company.client.get("/customers", params={"q": query})
    assert answer.status_code == 200
    assert "Nordlys Kaffe" not in answer.text or not query.strip("\0")


async def test_the_list_goes_on_by_a_real_link_or_in_place(world: World) -> None:
    company = await world.company()
    for n in range(53):
        await customer(company, f"Kunde {n:02}")
    first = await company.get("/customers")
    link = re.search(r'<a class="button" href="([^"]+)" hx-get', first.text)
    assert link is not None and len(names_in(first)) == 50
    address = link[1].replace("&amp;", "&")
    whole = await company.get(address)
    part = await company.get(address, headers=MORE)
    assert names_in(whole) == names_in(part) == ["Kunde 50", "Kunde 51", "Kunde 52"]
    assert "To the start of the list" in whole.text and "Show more" not in whole.text
    assert "<ul" not in part.text and part.text.count("autofocus") == 1
    # Back from a customer comes to this address, which shows the same rows.
    assert part.headers["hx-replace-url"] == "/customers?rows=100"
    assert len(names_in(await company.get("/customers?rows=100"))) == 53


async def test_a_list_of_fifty_is_small_and_costs_few_statements(world: World, statements: list[str]) -> None:
    company = await world.company()
    for n in range(51):
        made = await customer(company, f"Fjellheim Kaffebrenneri {n:02} AS")
        if n % 5 == 0:
            await issued(company, made, line("1000"))
    for address in ("/customers", "/customers?q=kaffe", "/customers?show=archived"):
        await company.get(address)
        statements.clear()
        answer = await company.get(address)
        assert len(statements) <= 6, statements
        assert len(answer.content) <= 30 * 1024, len(answer.content)


async def test_archived_customers_have_a_tab(world: World) -> None:
    company = await world.company()
    made = await customer(company, "Gammel AS")
    await customer(company, "Ny AS")
    await customers.archive(company.id, company.person_id, made)
    assert names_in(await company.get("/customers")) == ["Ny AS"]
    assert names_in(await company.get("/customers?show=archived")) == ["Gammel AS"]


# --- one customer


async def test_the_page_shows_the_customer_its_figures_and_invoices(world: World, statements: list[str]) -> None:
    company = await world.company()
    made = await customer(company, "Nordlys AS", reference="Ola Dunk", notes="Ringer\nførst", phone="+47 22 33 44 55")
    done = await issued(company, made, line("100"))
    draft = await saved(company, made, line("50"))
    path = f"/customers/{made}"
    await company.get(path)
    statements.clear()
    answer = await company.get(path)
    assert len(statements) <= 7, statements
    for text in ("Nordlys AS", "Ola Dunk", "Ringer<br>først", "tel:+4722334455", "125.00"):
        assert text in answer.text
    assert f"/invoices/{done.invoice_id}" in answer.text and f"/invoices/{draft.id}/edit" in answer.text
    assert f'href="/invoices/new?customer={made}"' in answer.text
    part = await company.get(path, headers=PARTIAL)
    assert "<html" not in part.text and "Ola Dunk" in part.text


async def test_a_viewer_sees_everything_and_no_button(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company(role=Role.VIEWER)
    made = await customer(company)
    for path in ("/customers", f"/customers/{made}"):
        answer = await company.get(path)
        assert answer.status_code == 200
        assert "/customers/new" not in answer.text and "archival" not in answer.text and "Change" not in answer.text
    for path in ("/customers", f"/customers/{made}", f"/customers/{made}/archival", f"/customers/{made}/restoration"):
        assert (await company.post(path, form(name="Endret AS"))).status_code == 403
    for path in ("/customers/new", f"/customers/{made}/edit"):
        assert (await company.get(path)).status_code == 403
    assert (await stored(owner, made))["name"] == "Nordlys Kaffe AS"


async def test_what_is_unknown_malformed_or_another_company_s_is_not_found(world: World) -> None:
    company, theirs = await world.company(), await customer(await world.company())
    for odd in (theirs, new_id(), "x", "%00", "1"):
        for path in (f"/customers/{odd}", f"/customers/{odd}/edit"):
            assert (await company.get(path)).status_code == 404
        for path in (f"/customers/{odd}", f"/customers/{odd}/archival", f"/customers/{odd}/restoration"):
            assert (await company.post(path, form(version="1"))).status_code == 404


async def test_a_visitor_is_led_to_sign_in(world: World) -> None:
    for path in ("/customers", "/customers/new", f"/customers/{new_id()}"):
        answer = await world.visitor().get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login?next=")


# --- adding


async def test_adding_leads_to_the_new_customer(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    fresh = await company.get("/customers/new?name=Nordlys")
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', fresh.text)
    assert key is not None and 'value="Nordlys"' in fresh.text
    answer = await company.post("/customers", form(key=key[1], email="post@nordlys.example", due_days="30"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/customers/{key[1]}?done=customer-saved")
    row = await stored(owner, key[1])
    assert (row["organisation_id"], row["email"], row["due_days"]) == (company.id, "post@nordlys.example", 30)
    shown = await company.get(answer.headers["location"])
    assert "The customer is saved." in shown.text


async def test_a_vat_number_from_abroad_is_one_in_whichever_field(world: World, owner: asyncpg.Connection) -> None:
    company, key = await world.company(), str(new_id())
    await company.post("/customers", form(key=key, country="SE", organisation_number="SE 556036079301"))
    row = await stored(owner, key)
    assert (row["organisation_number"], row["vat_number"]) == ("5560360793", "SE556036079301")


async def test_a_double_click_adds_one(world: World, owner: asyncpg.Connection) -> None:
    company, key = await world.company(), str(new_id())
    for _ in range(2):
        assert (await company.post("/customers", form(key=key))).status_code == 303
    assert await owner.fetchval("select count(*) from customer where organisation_id = $1", company.id) == 1


async def test_a_faulty_form_comes_back_with_everything_typed(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    bad = form(
        name="", organisation_number="123", email="kari@", due_days="abc", notes="Et <langt> notat", city="Bodø"
    )
    for headers in ({}, PARTIAL):
        answer = await company.post("/customers", bad, headers=headers)
        assert answer.status_code == 422
        for name in ("name", "organisation-number", "email", "due-days"):
            assert f'id="f-{name}-error"' in answer.text
        for value in ("123", "kari@", "abc", "Et &lt;langt&gt; notat", "Bodø"):
            assert value in answer.text
        assert ("<html" in answer.text) == (not headers)
    assert await owner.fetchval("select count(*) from customer where organisation_id = $1", company.id) == 0


@pytest.mark.parametrize("name", ODD)
async def test_odd_names_are_kept_as_they_are_and_shown_as_text(world: World, name: str) -> None:
    """S-36, S-25"""
    company, key = await world.company(), str(new_id())
    await company.post("/customers", form(key=key, name=name, city=name))
    shown = await company.get(f"/customers/{key}")
    escaped = (
        name.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )
    assert f"<h1>{escaped}</h1>" in shown.text
    assert "<script>x" not in shown.text and "49 AS" not in shown.text
    assert escaped in (await company.get("/customers")).text


@pytest.mark.parametrize("name", ["a\0b", "a\x1bb", "x" * 10_240])
async def test_a_name_that_can_not_be_kept_is_refused(world: World, name: str) -> None:
    company = await world.company()
    answer = await company.post("/customers", form(name=name))
    assert answer.status_code == 422 and 'id="f-name-error"' in answer.text


async def test_no_data_of_a_customer_is_in_the_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    company, key = await world.company(), str(new_id())
    secret = form(key=key, name="Zqhemmelig AS", email="zqhemmelig@nordlys.example", notes="zqhemmelig")
    await company.post("/customers", secret)
    await company.post("/customers", {**secret, "email": "zqhemmelig@"})
    await company.get("/customers?q=zqhemmelig")
    await company.get(f"/customers/{key}")
    written = capsys.readouterr()
    assert "/customers" in written.out + written.err
    assert "zqhemmelig" not in (written.out + written.err).lower()


# --- changing


async def change(company: Company, made: UUID, version: int, **values: str) -> httpx.Response:
    return await company.post(f"/customers/{made}", form(version=str(version), **values))


async def test_a_change_is_saved_and_said(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    edit = await company.get(f"/customers/{made}/edit")
    assert 'name="version" value="1"' in edit.text and "post@nordlys.example" in edit.text
    answer = await change(company, made, 1, city="Bodø")
    assert answer.headers["location"] == f"/customers/{made}?done=customer-saved"
    row = await stored(owner, made)
    assert (row["city"], row["version"]) == ("Bodø", 2)


async def test_two_windows_see_both_versions_and_choose(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company, "Nordlys AS", city="Tromsø")
    await change(company, made, 1, city="Bergen", email="post@nordlys.example")
    answer = await change(company, made, 1, city="Bodø", email="post@nordlys.example")
    assert answer.status_code == 409
    conflict = answer.text[answer.text.index('id="conflict"') : answer.text.index("</table>")]
    assert "Bodø" in conflict and "Bergen" in conflict and "post@" not in conflict
    assert f'href="/customers/{made}/edit"' in answer.text
    assert 'name="city"' in answer.text and 'value="Bodø"' in answer.text
    assert (await stored(owner, made))["city"] == "Bergen"
    # The form now holds the version it would replace: saving again is the choice.
    assert 'name="version" value="2"' in answer.text
    assert (await change(company, made, 2, city="Bodø")).status_code == 303
    assert (await stored(owner, made))["city"] == "Bodø"


async def test_a_fault_does_not_hide_that_somebody_saved_in_between(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    await change(company, made, 1, city="Bergen")
    faulty = await change(company, made, 1, city="Bodø", email="kari@")
    assert faulty.status_code == 422 and 'name="version" value="1"' in faulty.text
    assert (await change(company, made, 1, city="Bodø")).status_code == 409


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "99999999999999999999", "²"])
async def test_a_version_that_is_none_overwrites_nothing(
    world: World, owner: asyncpg.Connection, version: str
) -> None:
    company = await world.company()
    made = await customer(company)
    answer = await company.post(f"/customers/{made}", form(version=version, name="Overskrevet AS"))
    assert answer.status_code == 409
    assert (await stored(owner, made))["name"] == "Nordlys Kaffe AS"


# --- the archive


async def test_archiving_offers_the_way_back(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    answer = await company.post(f"/customers/{made}/archival")
    page = await company.get(answer.headers["location"])
    assert "The customer is archived." in page.text and "Archived" in page.text
    undo = re.search(r'class="flash done".*?<form method="post" action="([^"]+)"', page.text, re.DOTALL)
    assert undo is not None and undo[1] == f"/customers/{made}/restoration"
    back = await company.post(undo[1])
    assert "The customer is back in the list." in (await company.get(back.headers["location"])).text
    assert (await stored(owner, made))["archived_at"] is None


async def test_a_crafted_address_says_nothing_that_is_not_so(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    page = await company.get(f"/customers/{made}?done=customer-archived")
    assert f"/customers/{made}/restoration" not in page.text


# --- anything typed


@pytest.fixture(scope="module")
async def firm(app: Any, settings: Any) -> Company:
    return await World(app, settings).company()


TYPED = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [*ODD, "", "\0", "NO", "on", "x" * 10_240, "974760673", "1", "-1", "1e9", "post@nordlys.example"]
    ),
    st.integers().map(str),
)


@given(data=st.dictionaries(st.sampled_from([*LABELS, "key", "version", "invoice"]), TYPED))
@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
async def test_whatever_is_typed_is_saved_or_shown_again(firm: Company, data: dict[str, str]) -> None:
    given_values = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    answer = await firm.post("/customers", given_values)
    assert answer.status_code in (303, 422), (answer.status_code, given_values)
