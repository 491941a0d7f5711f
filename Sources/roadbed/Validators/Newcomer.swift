import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// A node that is to become a validator, after the checks that need no signature.
struct Newcomer {
  /// How many blocks it may be behind. Blocks become final while nodes are being asked.
  private static let levelBlocks: UInt64 = 100

  let offer: OfferedKey
  let height: Height

  /// Checks that the node is in the directory and no validator, that it runs and is level with the others, and that its
  /// key is free.
  init(
    _ name: Name, _ source: String?, _ survey: NodeSurvey, _ view: ValidatorsView, _ chain: ChainContext
  ) async throws {
    if view.items.contains(where: { $0.name == name }) { throw CommandError.alreadyValidator(name) }
    let asked = try survey.newest
    let observers = try await LedgerClient.with(nodes: [try NodeAddress.parse(asked.url)]) { try await $0.observers() }
    guard observers.items.contains(where: { $0.name == name }) else { throw CommandError.notInDirectory(name) }
    guard survey.isRunning(name), let height = survey.height(of: name) else { throw CommandError.away(name) }
    let tip = asked.validators.height
    guard height.rawValue + Newcomer.levelBlocks >= tip.rawValue else { throw CommandError.behind(name, height, tip) }
    offer = try await OfferedKey(of: name, from: source, survey, chain)
    self.height = height
    if let other = view.items.first(where: { $0.voteKey == offer.proof.key }) {
      throw CommandError.keyInUse(name, other.name)
    }
  }

  /// What it becomes, for people.
  func line(index: Int) -> String {
    "\(offer.proof.validator), at height \(height), becomes validator \(index) with the vote key \(offer.proof.key)"
  }
}

extension CommandError {
  fileprivate static func alreadyValidator(_ name: Name) -> CommandError {
    CommandError(
      code: "validator.exists", explanation: "\(name) is a validator already",
      nextStep: "see `roadbed validator list`; to change its key use `roadbed validator rotate-key`")
  }

  fileprivate static func notInDirectory(_ name: Name) -> CommandError {
    CommandError(
      code: "directory.unknown-node", explanation: "the chain's directory has no node \(name)",
      nextStep: "add it first: `roadbed observer add`, with what `roadbed node init` printed on its machine")
  }

  fileprivate static func away(_ name: Name) -> CommandError {
    CommandError(
      code: "validator.node-away", explanation: "\(name) does not answer, and no node that was asked is linked with it",
      nextStep: "start it with `roadbed node start`, and check that the others reach its address")
  }

  fileprivate static func behind(_ name: Name, _ height: Height, _ tip: Height) -> CommandError {
    CommandError(
      code: "validator.node-behind", explanation: "\(name) is at height \(height), but the chain is at \(tip)",
      nextStep: "wait until it is level: `roadbed observer list`")
  }

  fileprivate static func keyInUse(_ name: Name, _ other: Name) -> CommandError {
    CommandError(
      code: "validator.key-in-use", explanation: "the vote key that \(name) offers is that of the validator \(other)",
      nextStep: "two nodes must never have the same vote key: make the node again in an empty directory")
  }
}
