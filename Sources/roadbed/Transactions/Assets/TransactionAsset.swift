import ArgumentParser

struct TransactionAsset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asset",
    abstract: "Limit the units of an asset, freeze it, or make another member its issuer.",
    subcommands: [
      TransactionAssetCap.self, TransactionAssetHandOver.self, TransactionAssetFreeze.self,
      TransactionAssetUnfreeze.self,
    ])
}
