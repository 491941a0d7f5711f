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

    /// Why the node, if it is a validator, does not vote yet, although it runs: it listens first, as after a lost log.
    var listening: ErrorDetail? { health.reasons.first { NodeSurvey.listeningCodes.contains($0.code) } }
  }

  private static let listeningCodes: Set = ["node.listening", "node.not-voting-yet"]

  private(set) var answers: [Answer] = []
  /// One line for each node that gave no answer.
  private(set) var silent: [String] = []

  /// Asks all of them.
  init(_ urls: [String]) async throws {
    for url in urls {
      do {
        let answer = try await LedgerClient.with(nodes: [try NodeAddress.parse(url)]) {
          Answer(
            url: url, status: try await $0.status(), validators: try await $0.validators(),
            health: try await $0.health())
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
      guard let answer = answers.max(by: { $0.validators.height < $1.validators.height }) else {
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

  /// The nodes that run, as far as the answers tell: they answered and did not stop, or a node that did is linked with
  /// them.
  var running: Set<Name> {
    var names: Set<Name> = []
    for answer in answers {
      if answer.status.stopped == nil, let own = answer.status.node { names.insert(own) }
      for peer in answer.status.peers where peer.connected { names.insert(peer.name) }
    }
    for answer in answers where answer.status.stopped != nil {
      if let own = answer.status.node { names.remove(own) }
    }
    return names
  }

  /// Why a validator would not vote now, as far as the answers tell; nil if it would. Whether a node that was not asked listens
  /// is not known.
  func absence(of name: Name) -> String? {
    guard running.contains(name) else { return "does not run" }
    let listening = answers.first { $0.status.node == name }?.listening
    return listening.map { "does not vote yet [\($0.code)]" }
  }

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
