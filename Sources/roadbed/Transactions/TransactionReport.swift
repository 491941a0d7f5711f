import Ledger
import LedgerJSON
import Primitives

/// What `tx show` says of a transaction: what the file itself says and proves, and what a node says of it.
struct TransactionReport: Encodable {
  /// A signature: whether it is valid for its key, and what a node says of the key.
  struct Signature: Encodable {
    var member: Name
    var key: PublicKey
    var valid: Bool
    /// Whether it is valid, and the key a current one of an active member. Absent if no node was asked, as is `error`, the
    /// reason why it does not count.
    var counts: Bool?
    var error: ErrorDetail?
  }

  var chain: ChainView
  /// Like the end and the nonce, absent for operations that nobody has signed.
  var id: Digest?
  var validUntil: Timestamp?
  var nonce: String?
  var expired: Bool?
  var operations: [RenderedOperation]
  var signatures: [Signature]
  /// The validators for which an operation carries an invalid proof of the new vote key; absent if there are none.
  var badKeyProofs: [Name]?
  // What a node says; absent if none was asked.
  var height: Height?
  var time: Timestamp?
  var required: [RequiredSignaturesView]?
  /// Whether nobody's signature is missing.
  var complete: Bool?
  var refusal: ErrorDetail?
  var outcome: OutcomeView?

  /// The time of this machine, for people.
  private let now: Timestamp

  private enum CodingKeys: String, CodingKey {
    case chain, id, validUntil, nonce, expired, operations, signatures, badKeyProofs, height, time, required, complete
    case refusal, outcome
  }

  /// - Parameter isFixed: whether the file fixes the id and the end of the transaction.
  init(
    _ chain: ChainView, _ draft: TransactionDraft, isFixed: Bool, operations: [RenderedOperation],
    _ verification: DraftVerification, preview: PreviewView?, now: Timestamp
  ) {
    self.chain = chain
    self.now = now
    self.operations = operations
    if isFixed {
      id = draft.id
      validUntil = draft.validUntil
      nonce = "\(draft.nonce)"
      expired = draft.validUntil < now
    }
    signatures = zip(draft.signatures, verification.signatures).map { signature, isValid in
      Signature(member: signature.member, key: signature.key, valid: isValid)
    }
    badKeyProofs = verification.badKeyProofs.isEmpty ? nil : verification.badKeyProofs
    guard let preview else { return }
    height = preview.height
    time = preview.time
    required = preview.required
    complete = preview.required.allSatisfy(\.signed)
    refusal = preview.refusal
    outcome = preview.outcome
    for index in signatures.indices {
      let own = signatures[index]
      let said = preview.signatures.first { $0.member == own.member && $0.key == own.key }
      guard let said else { continue }
      signatures[index].counts = said.counts
      signatures[index].error = said.error
    }
  }

  /// Whether all signatures are valid for the keys that they name.
  var isValid: Bool { badKeyProofs == nil && signatures.allSatisfy(\.valid) }

  /// How long it is still valid, by this machine's clock.
  var validity: String? { validUntil.map { "\($0.iso8601), \(TimeText.validity(until: $0, now: now))" } }
}
