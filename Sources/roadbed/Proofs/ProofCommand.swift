import ArgumentParser

struct ProofCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof",
    abstract: "Fetch and verify proofs of the state.",
    discussion: """
      A proof shows what the state had under one name after one final block: a balance, a hold, an account, a member, \
      an asset, a record, or that there was none. You can verify it with the genesis file alone: without a node, without a network, \
      and without trusting the person who gave it to you.
      """,
    subcommands: [ProofGet.self, ProofVerify.self])
}
