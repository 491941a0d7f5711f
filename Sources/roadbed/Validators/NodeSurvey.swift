import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// What the nodes that a command was given say of the chain, before anything is signed.
struct NodeSurvey {
  struct Answer {
    var url: String
    var status: NodeStatus
    var validators: ValidatorsView
    var health: HealthView
    /// Whether the command was given the node to ask. What another one says counts only for itself.
    var isGiven: Bool

    /// Why the node, if it is a validator, does not vote yet, although it runs: it listens first, as after a lost log.
    var listening: Finding? { health.reasons.first { NodeSurvey.listeningCodes.contains($0.code) } }
  }

  private static let listeningCodes: Set = ["node.listening", "node.not-voting-yet"]

  private(set) var answers: [Answer] = []
  /// One line for each node that gave no answer.
  private(set) var silent: [String] = []

  /// Asks all of them.
  /// - Parameter candidate: the URL of a node that is to become a validator; nil if there is none.
  init(_ urls: [String], candidate: String? = nil) async throws {
    for url in (urls + [candidate].compactMap(\.self)).uniqued() {
      do {
        let answer = try await LedgerClient.with(nodes: [try NodeAddress.parse(url)]) {
          Answer(
            url: url, status: try await $0.status(), validators: try await $0.validators(),
            health: try await $0.health(), isGiven: urls.contains(url))
        }
        answers.append(answer)
      } catch let error as ClientError {
        silent.append("\(url) does not answer [\(error.code)]")
      }
    }
  }

  /// The answer of the node that knows most.
  var newest: Answer {
    get throws(CommandError) {
      guard let answer = answers.filter(\.isGiven).max(by: { $0.validators.height < $1.validators.height }) else {
        throw silent.isEmpty ? .noNode : .noneAnswers(silent)
      }
      return answer
    }
  }

  /// Refuses nodes of another chain.
  func require(_ chain: ChainContext) throws(CommandError) {
    if let other = answers.first(where: { $0.status.chain.genesis != chain.genesis }) {
      throw .otherChain(other.url, other.status.chain.genesis, own: chain.genesis)
    }
  }

  /// The validators now.
  private var validators: Set<Name> { Set((try? newest)?.validators.items.map(\.name) ?? []) }

  private func own(_ name: Name) -> Answer? { answers.first { $0.status.node == name } }

  /// Whether a node takes part, as far as the answers tell: it did not stop, and another one says that it is linked with it, or
  /// it says so itself of a validator. Without a link it can contribute nothing, unless it is the only validator.
  func isRunning(_ name: Name) -> Bool {
    if let own = own(name), own.status.stopped != nil { return false }
    let isSeen = answers.contains { answer in
      answer.isGiven && answer.status.node != name
        && answer.status.peers.contains { $0.name == name && $0.connected }
    }
    guard !isSeen, let own = own(name), own.isGiven else { return isSeen }
    return validators == [name] || own.status.peers.contains { $0.connected && validators.contains($0.name) }
  }

  /// Why a validator would not vote now, as far as the answers tell; nil if it would. Whether a node that was not asked listens,
  /// or holds its key, is not known.
  func absence(of name: Name) -> String? {
    guard isRunning(name) else { return NodeSurvey.away }
    guard let own = own(name) else { return nil }
    if let listening = own.listening { return "does not vote yet [\(listening.code)]" }
    return own.status.role == .observer && validators.contains(name)
      ? "does not hold the vote key that the chain names" : nil
  }

  /// What is wrong with a node that does not take part.
  static let away = "does not run, or is not linked with the others"

  /// The greatest height at which any node saw the node of that name; nil if none did.
  func height(of name: Name) -> Height? {
    answers.flatMap { answer -> [Height] in
      let own = answer.status.node == name ? [answer.status.height] : []
      return own + answer.status.peers.filter { $0.name == name }.compactMap(\.height)
    }.max()
  }

  /// The URL of the node of that name, if it is among those that were asked.
  func url(of name: Name) -> String? { answers.first { $0.status.node == name }?.url }
}

extension CommandError {
  fileprivate static func noneAnswers(_ silent: [String]) -> CommandError {
    CommandError(
      code: "client.unreachable", explanation: silent.joined(separator: "; "),
      nextStep: "check the addresses and that the nodes are running, or give another node's address")
  }

  fileprivate static func otherChain(_ url: String, _ found: Digest, own: Digest) -> CommandError {
    CommandError(
      code: "validator.other-chain", explanation: "\(url) is a node of the chain \(found), not of \(own)",
      nextStep: "give nodes of one chain, and its genesis file")
  }
}
