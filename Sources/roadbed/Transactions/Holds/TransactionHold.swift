import ArgumentParser

struct TransactionHold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Set units aside for a payee, pay them later, or return them.",
    discussion: """
      What is held is no longer available to the payer, and not yet the payee's. Before the hold expires, the payee or the \
      arbiter captures it, at once or in parts, or releases it; after that, the chain returns it to the payer. \
      `roadbed query holds` lists the open holds.
      """,
    subcommands: [TransactionHoldPlace.self, TransactionHoldCapture.self, TransactionHoldRelease.self])
}
