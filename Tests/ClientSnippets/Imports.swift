// snippet: imports
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
// end
