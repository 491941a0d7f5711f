import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Asks the nodes, before anything is signed, whether enough of them know the next version of the rules: a validator that
/// does not stops as soon as it holds.
struct RulesPreflight {
  let version: UInt64
  let nodes: NodeOptions

  func run() async throws {
    var known: Set<Name> = []
    var others: [String] = []
    var validators: [Name] = []
    for url in try nodes.urls() {
      do {
        let (status, page) = try await LedgerClient.with(nodes: [try NodeAddress.parse(url)]) {
          (try await $0.status(), try await $0.validators())
        }
        validators = page.items.map(\.name)
        if status.versions.rules >= version, status.stopped == nil {
          known.insert(status.node)
        } else {
          others.append("\(status.node) knows version \(status.versions.rules)")
        }
      } catch let error as ClientError {
        others.append("\(url) does not answer [\(error.code)]")
      }
    }
    guard !validators.isEmpty else { throw CommandError.noNode }
    let quorum = Quorum(validators: validators.count)
    guard known.count >= quorum.size else {
      throw CommandError.rulesUnknown(
        version, known: known.count, quorum: quorum, others: others)
    }
  }
}

extension CommandError {
  fileprivate static func rulesUnknown(
    _ version: UInt64, known: Int, quorum: Quorum, others: [String]
  ) -> CommandError {
    CommandError(
      code: "parameter.rules-not-known",
      explanation:
        "\(known) of \(quorum.validators) validators are known to know version \(version) of the rules; a quorum "
        + "is \(quorum.size)" + (others.isEmpty ? "" : ": " + others.joined(separator: ", ")),
      nextStep: "install the new program at the others first, and give the nodes of a quorum with --node or --dir")
  }
}
