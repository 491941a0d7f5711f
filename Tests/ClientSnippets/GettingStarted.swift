import Cryptography
package import Ledger
package import LedgerClient
package import LedgerJSON
import Primitives

// snippet: connect
package struct OtherChain: Error {}

package func withClient<Value>(
  ofNodes addresses: [String], genesis: Genesis, _ body: (LedgerClient) async throws -> Value
) async throws -> Value {
  let nodes = try addresses.map { try NodeAddress.parse($0) }
  return try await LedgerClient.with(nodes: nodes) { client in
    guard try await client.chain().genesis == genesis.digest else { throw OtherChain() }
    return try await body(client)
  }
}
// end

// snippet: pay
package struct NotApplied: Error {
  package var outcome: OutcomeView?
}

/// Pays, waits until the payment is final, and returns the receipt file.
package func pay(
  _ amount: Amount, of asset: Name, from payer: AccountName, to payee: AccountName, as signer: Signer,
  genesis: Genesis, client: LedgerClient
) async throws -> [UInt8] {
  let payment = try TransactionBuilder(genesis: genesis).transaction(
    [.assetTransfer(asset: asset, from: payer, to: payee, amount: amount)], signers: [signer])
  let result = try await client.submitAndWait(payment)
  guard result.outcome?.applied == true else { throw NotApplied(outcome: result.outcome) }
  return try await client.receiptFile(payment.id)
}
// end

// snippet: verify-receipt
/// The operations of a transaction that was applied, according to a quorum of the chain's validators.
package func appliedOperations(in receiptFile: [UInt8], genesis: Genesis) throws -> [Operation] {
  let receipt = try ReceiptFile.verify(receiptFile, document: "receipt.json", genesis: genesis)
  return receipt.outcome.isApplied ? TransactionDraft(receipt.transaction, chain: genesis.chain).operations : []
}
// end
