import ArgumentParser
import Ledger
import LedgerClient
import Primitives

/// The decimals of assets, for commands that can work without a node.
struct DecimalsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The number of decimals of an asset. Repeat for more assets.", valueName: "asset=n"))
  var decimals: [String] = []

  /// The decimals given on the command line; the others are queried from a node, if one is given.
  func known(_ assets: [Name], _ nodes: NodeOptions) async throws -> [Name: UInt8] {
    let given = try given
    guard assets.contains(where: { given[$0] == nil }), !(try nodes.urls()).isEmpty else { return given }
    return try await nodes.withClient { try await known(assets, $0) }
  }

  /// The decimals given on the command line; the others are queried with `client`, unless it is nil.
  func known(_ assets: [Name], _ client: LedgerClient?) async throws -> [Name: UInt8] {
    let given = try given
    guard let client else { return given }
    return try await client.decimals(of: assets.filter { given[$0] == nil }).merging(given) { _, own in own }
  }

  private var given: [Name: UInt8] {
    get throws {
      var given: [Name: UInt8] = [:]
      for text in decimals {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let asset = Name(parts[0]), let number = UInt8(parts[1]), number <= Limits.assetDecimals
        else {
          throw ValidationError("--decimals is '\(text)'; it must be asset=n with n from 0 to 30, such as eur=2.")
        }
        given[asset] = number
      }
      return given
    }
  }
}
