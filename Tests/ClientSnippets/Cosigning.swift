import Cryptography
package import Ledger
package import LedgerClient
package import LedgerJSON
import Primitives

// snippet: sign-first
/// The file for the next signer. The transaction can be submitted for a day.
package func firstSignature(
  of operations: [Operation], by signer: Signer, genesis: Genesis, client: LedgerClient
) async throws -> [UInt8] {
  var builder = TransactionBuilder(genesis: genesis)
  builder.validity = .seconds(86_400)
  var draft = try builder.draft(operations)
  try draft.sign(as: signer.member, with: signer.key)
  return try await client.draftFile(of: draft)
}
// end

// snippet: sign-next
package struct NotAgreed: Error {}

/// The file with one more signature, if the signer agrees to the operations and they would be applied.
package func nextSignature(
  on file: [UInt8], by signer: Signer, genesis: Genesis, client: LedgerClient,
  isAgreed: ([Operation]) -> Bool
) async throws -> [UInt8] {
  var draft = try await client.draft(in: file, document: "exchange.json", chain: genesis.chain)
  guard isAgreed(draft.operations) else { throw NotAgreed() }
  let preview = try await client.preview(draft)
  guard preview.outcome.applied else { throw NotApplied(outcome: preview.outcome) }
  try draft.sign(as: signer.member, with: signer.key)
  return try await client.draftFile(of: draft)
}
// end

// snippet: who-is-missing
/// The members that have yet to sign. Nil stands for the administrators.
package func missingSigners(of draft: TransactionDraft, client: LedgerClient) async throws -> [Name?] {
  try await client.preview(draft).required.filter { !$0.signed }.flatMap(\.parties).map(\.member)
}
// end

// snippet: submit-signed
package func submitSigned(_ file: [UInt8], genesis: Genesis, client: LedgerClient) async throws -> SubmitResult {
  let draft = try await client.draft(in: file, document: "exchange.json", chain: genesis.chain)
  let transaction = try TransactionBuilder(genesis: genesis).sign(draft, signers: [])
  return try await client.submitAndWait(transaction)
}
// end
