import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ValidatorList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the validators as one node sees them, with the epoch and its checkpoint.",
    discussion: """
      Announce the checkpoint where those who verify receipts can find it: with it they need not rely on keys of earlier \
      epochs. Compare it with what other nodes say first.

      Example:
        roadbed validator list --dir demo
      """)

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.validators()
    } print: {
      ValidatorList.print($0)
    }
  }

  static func print(_ view: ValidatorsView) {
    var table = Table("INDEX", "NAME", "MEMBER", "ADDRESSES", "STATE", "HEIGHT", "VOTE KEY")
    for validator in view.items {
      let state = (validator.connected ? "linked" : "away") + (validator.leader ? ", leads" : "")
      table.add(
        "\(validator.index)", "\(validator.name)", "\(validator.member)", validator.addresses.joined(separator: ", "),
        state, validator.height.map { "\($0)" } ?? "-", "\(validator.voteKey)")
    }
    table.print()
    var sheet = Sheet()
    sheet.add("epoch", view.epoch)
    if !view.items.isEmpty {
      let quorum = Quorum(validators: view.items.count)
      let linked = view.items.count(where: \.connected)
      sheet.add("quorum", "\(quorum.size) of \(quorum.validators), of which \(linked) are linked with this node")
    }
    sheet.add("checkpoint", ifPresent: view.checkpoint)
    sheet.print()
  }
}
