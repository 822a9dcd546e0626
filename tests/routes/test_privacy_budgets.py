"""How little the pages about personal data ask of the database."""

from __future__ import annotations

from actions import customer_requests
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from domain.privacy.requests import Kind
from tests.actions.restraining import restricted
from tests.routes.furnished import furnish
from tests.routes.test_invoice_routes import budget
from tests.world import World

# Of somebody signed in, the look at the session included; a visitor costs at most half of it.
PUBLIC = {"/privacy": 4, "/privacy/retention": 4, "/privacy/processors": 2, "/status": 2, "/cookies": 1, "/terms": 1}
PUBLIC |= dict.fromkeys(
    [f"/privacy/{name}" for name in ("versions", "data-map", "record", "interests", "logs", "requests")], 1
)
OF_A_COMPANY = {
    "/account/privacy": 6, "/account/export": 2, "/account/deletion": 10, "/company/agreement": 4,
    "/company/notices": 4, "/company/holds": 4, "/company/closing": 6, "/restrictions": 5, "/requests": 4,
    "/requests/{request}": 10, "/customers/{customer}/restriction": 8, "/customers/{customer}/erasure": 5,
    "/invoices/{invoice}/restriction": 8,
}  # fmt: skip
OF_THE_OPERATOR = {"/operator": 5, "/operator/breaches": 4, "/operator/requests": 3, "/operator/visits": 2}


async def test_each_page_about_personal_data_keeps_to_its_number_of_statements(
    world: World, statements: list[str]
) -> None:
    made, visitor, operator = await furnish(world), world.visitor(), await world.operator()
    await restricted(made.company, made.customer_id)
    opened = Opened(made.company.id, made.issued_id, "kunde@selger.example", "nb")
    for kind in (Kind.ACCESS, Kind.CORRECTION, Kind.OTHER):
        await customer_requests.file(opened, Asked(kind, "Hei"))
    ids = {"customer": made.customer_id, "invoice": made.issued_id, "request": made.customer_request_id}
    for client, pages in ((made.company, PUBLIC | OF_A_COMPANY), (operator, OF_THE_OPERATOR)):
        for path, most in pages.items():
            await client.get(path.format(**ids))  # a connection may have to learn a type first
            with budget(statements, most):
                assert (await client.get(path.format(**ids))).status_code == 200, path
    for path, most in PUBLIC.items():
        with budget(statements, most // 2):
            assert (await visitor.get(path)).status_code == 200, path
