package import Ledger
package import LedgerClient
import LedgerJSON
package import Primitives

// snippet: keep-proof
/// The proof of what an account has now, as a file to keep.
package func balanceProof(of account: AccountName, _ asset: Name, client: LedgerClient) async throws -> [UInt8] {
  try await client.proofFile(.balance(account, asset: asset))
}
// end

// snippet: verify-proof
/// What a proof says that the account had, without asking anybody. A balance of which the state has nothing is zero.
package func provedBalance(
  _ proofFile: [UInt8], of account: AccountName, _ asset: Name, genesis: Genesis
) throws -> (amount: Amount, height: Height) {
  let proof = try ProofFile.verify(
    proofFile, document: "opening.json", key: .balance(account, asset: asset), genesis: genesis)
  guard case .balance(_, _, let amount) = proof.entry else { return (.zero, proof.height) }
  return (amount, proof.height)
}
// end

// snippet: statement
/// A line for each movement since the opening proof, and one for the amount at the end, which is proved too.
package func statement(
  of account: AccountName, _ asset: Name, since openingFile: [UInt8], genesis: Genesis, client: LedgerClient
) async throws -> [String] {
  let key = StateKey.balance(account, asset: asset)
  let opening = try ProofFile.verify(openingFile, document: "opening.json", key: key, genesis: genesis)
  let closing = try await client.proof(key, genesis: genesis)
  let period = try StatementPeriod(
    account: account, opening: opening.height, closing: closing.height, asset: asset, [opening], [closing])
  let statement = try await client.statement(period)
  let decimals = Int(statement.decimals[asset] ?? 0)
  var lines: [String] = []
  try await client.forEachMovement(of: statement) { movement, amounts in
    lines.append(
      "\(movement.height) \(movement.kind.rawValue) \(movement.available) \(amounts.available.text(decimals: decimals))"
    )
  }
  let end = statement.closingAmounts[asset] ?? .none
  return lines + ["\(statement.closing) closing \(end.available.text(decimals: decimals))"]
}
// end
