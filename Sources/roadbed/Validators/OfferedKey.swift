import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// The vote key that a node offers, as its own API or a file with the API's answer gives it.
struct OfferedKey {
  /// The largest file that can be such an answer.
  private static let fileBytes = 4096

  let proof: KeyProof
  /// Whether the node would listen before it voted with the key.
  let listens: Bool

  /// Fetches the key and checks the proof.
  /// - Parameter source: the URL of the node's API, or the path of a file; nil to use the node if the survey found it, which is
  ///   also asked whether it still offers what a file says.
  init(of name: Name, from source: String?, _ survey: NodeSurvey, _ chain: ChainContext) async throws {
    let live = survey.url(of: name)
    guard let source = source ?? live else { throw CommandError.noKeySource(name) }
    var view = try await OfferedKey.view(source)
    if let live, live != source, view.node == name {
      let present = try await OfferedKey.view(live)
      guard present.voteKey == view.voteKey else { throw CommandError.staleOffer(source, name) }
      view = present
    }
    guard view.node == name else { throw CommandError.otherNode(source, view.node, wanted: name) }
    proof = view.proof
    listens = view.listens
    try proof.key.check(chain.suite)
    var verifier = SignatureVerifier(chain.suite)
    let message = KeyProof.signedBytes(validator: name, key: proof.key, chain: chain)
    guard verifier.verify(proof.signature, of: message, by: proof.key) else {
      throw CommandError.badKeyProof(source, name)
    }
  }

  /// Why the node would not vote at once if the chain named the key; nil if it would, as far as the survey tells.
  func absence(_ survey: NodeSurvey) -> String? {
    guard survey.isRunning(proof.validator) else { return NodeSurvey.away }
    return listens ? OfferedKey.listening : nil
  }

  private static let listening = "would listen first, because its log does not say that the key has never voted"

  /// What people must know before they sign.
  var warnings: [String] {
    listens ? ["\(proof.validator) \(OfferedKey.listening): it votes once a quorum of the others has gone on"] : []
  }

  private static func view(_ source: String) async throws -> VoteKeyView {
    if OfferedKey.isURL(source) {
      return try await LedgerClient.with(nodes: [try NodeAddress.parse(source)]) { try await $0.voteKey() }
    }
    let bytes = try TextFile.read(source)
    do {
      guard bytes.count <= fileBytes else { throw CommandError.noKeyOffer(source) }
      return try AnswerCoding.decode(VoteKeyView.self, from: Data(bytes))
    } catch {
      throw CommandError.noKeyOffer(source)
    }
  }

  /// Whether the source is a node rather than a file.
  static func isURL(_ source: String) -> Bool { source.hasPrefix("http://") || source.hasPrefix("https://") }
}

extension CommandError {
  fileprivate static func noKeySource(_ name: Name) -> CommandError {
    CommandError(
      code: "validator.no-key-source", explanation: "nothing says where \(name) offers its vote key",
      nextStep: "add --from with the URL of its own API, or with the file that its operator made: "
        + "`roadbed query vote-key --json`")
  }

  fileprivate static func otherNode(_ source: String, _ found: Name, wanted: Name) -> CommandError {
    CommandError(
      code: "validator.other-node", explanation: "\(source) offers the key of \(found), not of \(wanted)",
      nextStep: "give the URL or the file of \(wanted) with --from")
  }

  fileprivate static func staleOffer(_ source: String, _ name: Name) -> CommandError {
    CommandError(
      code: "validator.stale-offer", explanation: "\(source) offers a key that \(name) does not offer any more",
      nextStep: "leave out --from, or have the node's operator make the file again: `roadbed query vote-key --json`")
  }

  fileprivate static func badKeyProof(_ source: String, _ name: Name) -> CommandError {
    CommandError(
      code: "validator.bad-key-proof",
      explanation:
        "\(source) does not prove that \(name) has the key: the signature is not of this key, name and chain",
      nextStep: "fetch the offer again from the node itself, on a machine that you trust")
  }

  fileprivate static func noKeyOffer(_ path: String) -> CommandError {
    CommandError(
      code: "validator.no-key-offer", explanation: "\(path) is not the answer of /v1/vote-key",
      nextStep: "have the node's operator make it: `roadbed query vote-key --json`")
  }
}
