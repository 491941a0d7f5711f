public import Cryptography
public import Ledger
public import LedgerJSON
public import Primitives

/// Why a call of the client failed.
public enum ClientError: Error, Hashable, Sendable {
  /// The text is not the address of a node.
  case address(String, reason: String)
  /// The token has characters that HTTP cannot carry. The error does not repeat it.
  case token
  /// No node could be reached. Holds one reason for each node that was tried.
  case unreachable([NodeFault])
  /// A node refused the request.
  case refused(node: String, status: Int, ErrorDetail)
  /// A node was busy on every attempt.
  case busy(node: String, attempts: Int, ErrorDetail)
  /// The answer is not one that this API defines.
  case unexpectedAnswer(node: String, status: Int, reason: String)
  /// The transaction was not final in time. It may still become final.
  case notFinal(PendingTransaction, waited: Duration)
  /// The transaction's `validUntil` is past: this node has final blocks after that time, and none contains the
  /// transaction.
  case expired(PendingTransaction, node: String)
  /// The transaction may have reached a node, but no answer gives its outcome. `refusal` is that of another node that
  /// refused it afterwards, if any.
  case outcomeUnknown(PendingTransaction, [NodeFault], refusal: ErrorDetail?)
  /// A transaction has more bytes than one request can carry.
  case tooLarge(bytes: Int, limit: Int)
  case transaction(TransactionError)
  case document(DocumentError)
  case receipt(ReceiptError)
  /// The receipt proves a transaction other than the requested one.
  case otherTransaction(asked: Digest, proved: Digest)
  case proof(EntryProofError)
  /// The proof is about another entry than the requested one.
  case otherEntry(asked: StateKey, proved: StateKey)
  /// A signature in the file of a transaction is not its key's over this transaction.
  case draftSignature(document: String, member: Name)
  /// The movements of an account do not make a statement.
  case statement(StatementError)
  case crypto(CryptoError)
  /// The task was cancelled.
  case cancelled
}

extension ClientError: ExplainedError {
  public var code: String {
    switch self {
    case .address: "client.address"
    case .token: "client.token"
    case .unreachable: "client.unreachable"
    case .refused(_, _, let detail), .busy(_, _, let detail): detail.code
    case .unexpectedAnswer: "client.unexpected-answer"
    case .notFinal: "client.not-final"
    case .expired: "client.expired"
    case .outcomeUnknown: "client.outcome-unknown"
    case .tooLarge: "client.too-large"
    case .transaction(let error): error.code
    case .document(let error): error.code
    case .receipt(let error): error.code
    case .otherTransaction: "client.other-transaction"
    case .proof(let error): error.code
    case .otherEntry: "client.other-entry"
    case .draftSignature: "client.draft-signature"
    case .statement(let error): error.code
    case .crypto(let error): error.code
    case .cancelled: "client.cancelled"
    }
  }

  public var explanation: String {
    switch self {
    case .address(let text, let reason): "\"\(text)\" is not the address of a node: \(reason)"
    case .token: "the token has a space, a control character or a letter outside ASCII"
    case .unreachable(let faults):
      faults.map { "\($0.node): \($0.fault.explanation)" }.joined(separator: "; ")
    case .refused(let node, let status, let detail):
      "\(node) refused (HTTP \(status)): \(detail.message)"
    case .busy(let node, let attempts, let detail):
      "\(node) was busy \(attempts) times: \(detail.message)"
    case .unexpectedAnswer(let node, let status, let reason):
      "\(node) answered HTTP \(status): \(reason)"
    case .notFinal(let transaction, let waited):
      "transaction \(transaction.id) was not final within \(waited.text)" + ClientError.chance(of: transaction)
    case .expired(let transaction, let node):
      "transaction \(transaction.id) can no longer be applied: its time ended at "
        + "\(transaction.validUntil?.iso8601 ?? "its validUntil"), and \(node), which has final blocks after it, does not "
        + "have the transaction"
    case .outcomeUnknown(let transaction, let faults, let refusal):
      "transaction \(transaction.id) may have been submitted, but no answer confirms it: "
        + (faults.map { "\($0.node): \($0.fault.explanation)" } + (refusal.map { ["then: \($0.message)"] } ?? []))
        .joined(separator: "; ") + ClientError.chance(of: transaction)
    case .tooLarge(let bytes, let limit):
      "the transaction has \(bytes) bytes; a request can carry at most \(limit)"
    case .transaction(let error): error.explanation
    case .document(let error): error.explanation
    case .receipt(let error): error.explanation
    case .otherTransaction(let asked, let proved):
      "the receipt is for transaction \(proved), not \(asked)"
    case .proof(let error): error.explanation
    case .otherEntry(let asked, let proved): "the proof is about \(proved), not \(asked)"
    case .draftSignature(let document, let member):
      "\(document) has a signature of \(member) that is not valid for its key and this transaction"
    case .statement(let error): error.explanation
    case .crypto(let error): error.explanation
    case .cancelled: "the request was cancelled"
    }
  }

  public var nextStep: String {
    switch self {
    case .address: "give the address of the node's API, such as http://127.0.0.1:7501"
    case .token: "give the token exactly as the node's operator issued it"
    case .unreachable:
      "check the address and that the node is running (`roadbed cluster status`), or give another node's address"
    case .refused(_, _, let detail): detail.nextStep
    case .busy(_, _, let detail): detail.nextStep
    case .unexpectedAnswer:
      "check that the address is that of a Roadbed node's API, and that its version matches"
    case .notFinal, .outcomeUnknown:
      "query it again by its id, or submit the same bytes again: both are safe, since it is applied at most once. Building "
        + "the transaction again would make a second one"
    case .expired:
      "it changed nothing; if you still want it, build a new one. A node without an index forgets what it applied, so ask "
        + "another node first"
    case .tooLarge: "split it into several transactions"
    case .transaction(let error): error.nextStep
    case .document(let error): error.nextStep
    case .receipt(let error): error.nextStep
    case .otherTransaction, .otherEntry: "do not rely on this node; ask another one"
    case .proof(let error): error.nextStep
    case .draftSignature:
      "do not sign it; ask for a file that the signer itself wrote, and read its operations before you sign"
    case .statement(let error): error.nextStep
    case .crypto(let error): error.nextStep
    case .cancelled: "submitting the same bytes again is safe"
    }
  }

  /// States how long a transaction may still be applied, as the end of a sentence.
  private static func chance(of transaction: PendingTransaction) -> String {
    guard let end = transaction.validUntil else { return "; it may still be applied" }
    return "; it may still be applied, in a block up to \(end.iso8601)"
  }

  /// Whether the node answered that it does not have the requested item (HTTP 404).
  public var isNotFound: Bool {
    if case .refused(_, 404, _) = self { true } else { false }
  }
}

extension Duration {
  /// The duration as text for people, in seconds or milliseconds.
  var text: String {
    let milliseconds = wholeMilliseconds
    guard milliseconds % 1000 != 0 else { return milliseconds == 1000 ? "1 second" : "\(milliseconds / 1000) seconds" }
    return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds / 100 % 10) seconds"
  }
}
