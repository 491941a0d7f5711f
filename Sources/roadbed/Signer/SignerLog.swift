import Ledger
import LedgerJSON
import Primitives
import Signers

/// What a signer tells its operator, on standard error: a line for each event, with the time.
struct SignerLog: Sendable {
  func say(_ text: String) { Console.remark("\(SystemClock.now.iso8601) \(text)") }

  func write(_ note: SignerNote) {
    switch note {
    case .nodeCame(let node): say("signing for \(Printable.text(node))")
    case .nodeLeft(let node): say("\(Printable.text(node)) has gone")
    case .refused(let client, let refusal):
      say("refused \(Printable.text(client)): \(refusal.explanation) [\(refusal.code)]; \(refusal.nextStep)")
    case .strangerRefused(let user): say("refused a connection of user \(user): only the signer's own user may connect")
    case .noRoom(let reason): say("no further connection can be taken: \(reason); raise the limit of open files")
    case .diskFailed(let reason):
      say("signs nothing until its disk keeps what it signs: \(reason) [signer.disk-failed]")
    case .diskBack: say("the disk works again: signing")
    case .keyAway(let reason): say("signs nothing until its key is back: \(reason) [signer.key-away]")
    case .keyBack: say("the key is back: signing")
    case .newKey(let key): say("generated the next vote key \(key)")
    case .keySucceeded(let key): say("the vote key is \(key) now; the one before is destroyed")
    case .signed(let draft): say("signed transaction \(draft.id): \(line(draft))")
    }
  }

  /// The operations of a transaction, in one line.
  private func line(_ draft: TransactionDraft) -> String {
    let shown = draft.operations.prefix(4).map { "\($0.kind.name) \($0.described.text(decimals: nil))" }
    let rest = draft.operationCount - shown.count
    return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more operations" : "")
  }
}
