import ArgumentParser
import Ledger

struct ProofGetCollection: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collection", abstract: "Prove which member a collection of records belongs to.")

  @Argument(help: "The collection.", transform: CollectionName.argument)
  var collection: CollectionName

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.collection(collection)) }
}
