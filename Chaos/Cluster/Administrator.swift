import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// The commands with which a chain's administrators take in nodes and change who votes. A command that fails for a reason
/// that passes, such as a node that was just killed, is run again.
struct Administrator: Sendable {
  /// The nodes that the commands ask.
  let cluster: ChaosCluster
  private let urls: [String]

  private static let member = "registry"
  private static let patience = Duration.seconds(40)
  private static let passing: Set = [
    "validator.no-quorum", "validator.node-away", "validator.node-behind", "validator.epoch-not-open",
    "configuration.outdated",
  ]
  /// The beginnings of the codes of nodes that do not answer, or not now.
  private static let passingKinds = ["client.", "node.", "api."]

  /// The commands ask the nodes in a random order.
  init(_ cluster: ChaosCluster, using random: inout SeededGenerator) {
    self.cluster = cluster
    urls = cluster.nodes.map(\.place.api).shuffled(using: &random)
  }

  /// The part of `node init --json` that the next step needs.
  private struct Prepared: Decodable { var transportKey: Digest }

  /// Makes the directory of a node that joins, and has the chain's directory list the node.
  func admit(_ node: ChaosNode) async throws {
    let output = try await Shell.succeed([
      cluster.roadbed, "node", "init", "--dir", node.directory, "--genesis", cluster.files.genesisFile, "--name",
      node.name, "--member", Administrator.member, "--address", node.place.peers, "--json",
    ])
    let prepared = try AnswerCoding.decode(Prepared.self, from: Data(output.utf8))
    _ = try await insist([
      "observer", "add", node.name, "--operator", Administrator.member, "--transport-key", "\(prepared.transportKey)",
      "--address", node.place.peers,
    ]) { false }
  }

  /// Removes a node that is no validator from the chain's directory.
  func dismiss(_ node: ChaosNode) async throws { _ = try await insist(["observer", "remove", node.name]) { false } }

  /// Makes a change of the set `before`.
  /// - Returns: the codes with which the command failed before it succeeded.
  func make(_ change: SetChange, of before: ValidatorsView) async throws -> [String] {
    let source = cluster.nodes.first { $0.name == change.entering }.map { ["--from", $0.place.api] } ?? []
    return try await insist(["validator"] + change.words + source + ["--yes"]) {
      guard let now = try? await validators() else { return false }
      return change.leads(from: before, to: now)
    }
  }

  /// The validators as the node sees them that knows most.
  func validators() async throws -> ValidatorsView {
    var views: [ValidatorsView] = []
    for node in cluster.nodes {
      if let view = try? await node.client.validators() { views.append(view) }
    }
    guard let newest = views.max(by: { $0.height < $1.height }) else {
      throw ChaosError.broken(.returning, "no node says who the validators are")
    }
    return newest
  }

  /// Runs a command until it succeeds, or until it turns out that a failed attempt had its effect.
  /// - Returns: the codes with which it failed.
  private func insist(_ words: [String], isDone: @Sendable () async -> Bool) async throws -> [String] {
    let options =
      urls.flatMap { ["--node", $0] } + [
        "--key", "\(Administrator.member)=\(cluster.files.keyFile(of: Administrator.member))", "--genesis",
        cluster.files.genesisFile, "--no-keep", "--wait", "--timeout", "20", "--json",
      ]
    let deadline = ContinuousClock.now + Administrator.patience
    var failures: [String] = []
    while true {
      let result = try await Shell.run([cluster.roadbed] + words + options, seconds: 60)
      if result.status == 0 { return failures }
      let code = Administrator.code(result.output)
      failures.append(code ?? "status \(result.status)")
      if await isDone() { return failures }
      guard let code, Administrator.passes(code), ContinuousClock.now < deadline else {
        throw ChaosError.command(
          "roadbed " + words.joined(separator: " "), status: result.status, output: result.output)
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// The code of the error, or of the outcome, that a command printed with `--json`; nil if there is none.
  static func code(_ output: String) -> String? {
    let data = Data(output.utf8)
    if let body = try? AnswerCoding.decode(ErrorBody.self, from: data) { return body.error.code }
    return (try? AnswerCoding.decode(SubmitResult.self, from: data))?.outcome?.code
  }

  /// Whether a command that failed with this code may succeed a moment later.
  static func passes(_ code: String) -> Bool {
    passing.contains(code) || passingKinds.contains { code.hasPrefix($0) }
  }
}
