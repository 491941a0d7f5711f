import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Sends signed transactions one at a time and waits until each is final.
final class Sender {
  private let client: LedgerClient
  private let builder: TransactionBuilder
  private let signer: Signer
  private var number = 0

  init(_ client: LedgerClient, _ cluster: LocalCluster, _ description: ClusterDescription) throws {
    let path = "\(cluster.directory)/\(description.genesis)"
    let genesis = try GenesisDocument.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path))), document: path)
    guard let member = Name("registry") else { throw Refused.name }
    let key = try KeyFile.read("\(cluster.directory)/keys/registry.pem", suite: genesis.suite)
    self.client = client
    builder = TransactionBuilder(genesis: genesis)
    signer = Signer(member: member, key: key)
  }

  private enum Refused: Error {
    case name
    case notFinal(String)
  }

  /// Sends a transaction that opens an account, so that each one changes the state.
  func send() async throws {
    number += 1
    guard let account = AccountName("registry/bench-\(number)") else { throw Refused.name }
    let transaction = try builder.transaction(
      [.accountOpen(account: account, description: "")], signers: [signer])
    let result = try await client.submit(transaction, wait: .seconds(30))
    guard result.status == .finalized, result.outcome?.applied == true else {
      throw Refused.notFinal("\(result)")
    }
  }
}
