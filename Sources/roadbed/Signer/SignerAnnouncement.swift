import LedgerJSON
import Primitives

/// The first line that a signer prints for programs.
struct SignerAnnouncement: Encodable {
  let role: String
  let key: PublicKey
  let genesis: Digest
  let socket: String
}
