import ArgumentParser

struct ProofGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Fetch the proof of what the state has under a name, or that it has nothing.",
    discussion: """
      The proof is about the state after the newest final block. With --genesis, or --dir of a cluster, it is verified \
      before it is written.

      Examples:
        roadbed proof get balance bank-a/main eur -o proof.json --dir demo
        roadbed proof get record contracts/2031 contract.pdf -o proof.json --dir demo
      """,
    subcommands: [
      ProofGetBalance.self, ProofGetHold.self, ProofGetAccount.self, ProofGetMember.self, ProofGetAsset.self,
      ProofGetAssetTerms.self,
      ProofGetCollection.self, ProofGetRecord.self, ProofGetParameters.self, ProofGetConfiguration.self,
      ProofGetNode.self, ProofGetKeyChange.self,
    ])
}
