"""Operations on holds, byte by byte: what a receipt shows of them, and what no decoder accepts."""

import unittest

from roadbed_verify.errors import Refusal
from roadbed_verify.receipt_file import read_receipt

from .bent_holds import CAPTURE, PLACE, REFERENCE, RELEASE, TERMS, bent_holds, holds
from .maker import Chain, amount, hold_end, name, operation, text

SHOWN = {"asset": "gold", "from": "bank-a/main", "to": "bank-b"}


class Holds(unittest.TestCase):
    def setUp(self) -> None:
        self.chain = Chain.of("ed25519-sha256")

    def forms(self, *operations: bytes) -> object:
        """What the summary of a receipt shows of a transaction's operations."""
        parts = self.chain.receipt([self.chain.transaction(operations)])
        return read_receipt(parts.document(), self.chain.genesis)[1]["operations"]

    def test_the_bytes_of_each_operation(self) -> None:
        # Written by hand, so that the maker of the other tests cannot be wrong in the same way.
        terms = "04676f6c64" + "0b62616e6b2d612f6d61696e" + "0662616e6b2d62"
        time = "2030-03-17T17:46:40.000Z"
        reference, expires = "08006f72646572203137", "0038d360ba010000"
        for kind, fields, expected in (
            ("hold.place", "05" + "00" * 15 + reference + expires + "00", {"units": "5", "expires": time}),
            ("hold.place", "05" + "00" * 15 + reference + expires + "01066e6f74617279", {"arbiter": "notary"}),
            ("hold.capture", reference + "04" + "00" * 15 + "00", {"units": "4", "closes": False}),
            ("hold.capture", reference + "00" * 15 + "80" + "01", {"units": str(2**127), "closes": True}),
            ("hold.release", reference, {"reference": "order 17"}),
        ):
            number = {"hold.place": "30", "hold.capture": "31", "hold.release": "32"}[kind]
            shown = self.forms(bytes.fromhex(number + terms + fields))
            assert isinstance(shown, list) and isinstance(shown[0], dict)
            self.assertLessEqual({"kind": kind, **SHOWN, "reference": "order 17", **expected}.items(), shown[0].items())

    def test_what_a_receipt_shows(self) -> None:
        held = {**SHOWN, "units": "5", "reference": "order 17", "expires": "2030-03-17T17:46:40.000Z"}
        self.assertEqual(
            self.forms(*holds()),
            [
                {"kind": "hold.place", **held},
                {"kind": "hold.place", **held, "arbiter": "notary"},
                {"kind": "hold.capture", **SHOWN, "reference": "order 17", "units": "4", "closes": False},
                {"kind": "hold.capture", **SHOWN, "reference": "order 17", "units": str(2**128 - 1), "closes": True},
                {"kind": "hold.release", **SHOWN, "reference": "\u00e9" * 32},
            ],
        )

    def test_decimals_and_a_time_after_the_year_9999(self) -> None:
        forms = self.forms(
            operation(0x20, name("gold"), name("mint"), b"\x03", text("")),
            operation(PLACE, TERMS, amount(5), REFERENCE, hold_end(2**64 - 1)),
            operation(CAPTURE, TERMS, REFERENCE, amount(1234), b"\x01"),
        )
        assert isinstance(forms, list)
        self.assertEqual([form.get("amount") for form in forms], [None, "0.005", "1.234"])
        self.assertEqual(forms[1]["expires"], "9999-12-31T23:59:59.999Z")

    def test_references_at_the_bounds(self) -> None:
        for reference in ("a", "x" * 64, "\u00e9" * 32, " ", '"/\\', "\u0080", "\U0010ffff"):
            shown = [{"kind": "hold.release", **SHOWN, "reference": reference}]
            self.assertEqual(self.forms(operation(RELEASE, TERMS, text(reference))), shown)

    def test_what_is_malformed_is_refused(self) -> None:
        for what, bent in bent_holds():
            with self.subTest(what=what), self.assertRaises(Refusal) as caught:
                self.forms(bent)
            self.assertEqual(caught.exception.code, "receipt.malformed-transaction")

    def test_operations_cut_anywhere_are_refused(self) -> None:
        for whole in holds():
            for length in range(len(whole)):
                with self.subTest(bent=whole[:length].hex()), self.assertRaises(Refusal):
                    self.forms(whole[:length])


if __name__ == "__main__":
    unittest.main()
