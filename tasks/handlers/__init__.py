"""Every kind of job, by the name it is queued under."""

from __future__ import annotations

from tasks.gateways.access_point import AccessPoint
from tasks.gateways.mail import Mailer
from tasks.gateways.peppol_directory import PeppolDirectory
from tasks.handlers.check_supplier_document import CheckSupplierDocument
from tasks.handlers.drop_files import DropFiles
from tasks.handlers.erase import Erase
from tasks.handlers.handler import Handler
from tasks.handlers.import_data import ImportData
from tasks.handlers.issue_planned import IssuePlanned
from tasks.handlers.make_agreement import MakeAgreement
from tasks.handlers.make_customer_copy import MakeCustomerCopy
from tasks.handlers.make_data_export import MakeDataExport
from tasks.handlers.make_einvoice import MakeEInvoice
from tasks.handlers.note_erasure import NoteErasure
from tasks.handlers.render_invoice import RenderInvoice
from tasks.handlers.render_quote import RenderQuote
from tasks.handlers.send_account_message import SendAccountMessage
from tasks.handlers.send_breach_alert import SendBreachAlert
from tasks.handlers.send_invoice import SendInvoice
from tasks.handlers.send_privacy_code import SendPrivacyCode
from tasks.handlers.send_quote import SendQuote
from tasks.handlers.send_request_letter import SendRequestLetter
from tasks.handlers.send_restriction_notice import SendRestrictionNotice
from tasks.handlers.tell_companies import TellCompanies
from tasks.handlers.tell_of_plan import TellOfPlan
from tasks.handlers.tell_people import TellPeople
from tasks.handlers.transmit_einvoice import Directory, FollowTransmission, TransmitEInvoice


def handlers(
    mailer: Mailer, access_point: AccessPoint | None = None, directory: Directory | None = None
) -> dict[str, Handler]:
    return {
        "check_supplier_document": CheckSupplierDocument(),
        "follow_transmission": FollowTransmission(access_point),
        "transmit_einvoice": TransmitEInvoice(access_point, directory or PeppolDirectory(None)),
        "make_einvoice": MakeEInvoice(),
        "drop_files": DropFiles(),
        "import_data": ImportData(),
        "make_agreement": MakeAgreement(),
        "make_customer_copy": MakeCustomerCopy(),
        "make_data_export": MakeDataExport(),
        "erase": Erase(),
        "note_erasure": NoteErasure(),
        "render_invoice": RenderInvoice(),
        "issue_planned": IssuePlanned(),
        "tell_companies": TellCompanies(),
        "tell_of_plan": TellOfPlan(mailer),
        "tell_people": TellPeople(),
        "render_quote": RenderQuote(),
        "send_breach_alert": SendBreachAlert(mailer),
        "send_invoice": SendInvoice(mailer),
        "send_quote": SendQuote(mailer),
        "send_restriction_notice": SendRestrictionNotice(mailer),
        "send_account_message": SendAccountMessage(mailer),
        "send_privacy_code": SendPrivacyCode(mailer),
        "send_request_letter": SendRequestLetter(mailer),
    }
