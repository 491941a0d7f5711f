internal import Cryptography
internal import Foundation
public import Ledger
public import Primitives

/// Builds transactions for one chain. Keys are used only here, in the application; they are never sent anywhere.
public struct TransactionBuilder: Sendable {
  public let chain: ChainContext
  /// How long a transaction may wait for a block. At most 24 hours (`Limits.validityMilliseconds`).
  public var validity: Duration = .seconds(600)

  /// A builder for the chain that starts with `genesis`.
  public init(genesis: Genesis) { chain = genesis.chain }

  /// A builder for a chain that is known by the digest of its genesis.
  public init(chain: ChainContext) { self.chain = chain }

  /// A transaction without signatures. By default, it is valid until `validity` from now, by this machine's clock, and its
  /// nonce is random, so that two equal transactions are distinct.
  public func draft(
    _ operations: [Ledger.Operation], validUntil: Timestamp? = nil, nonce: UInt64? = nil
  ) throws(ClientError) -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    let end =
      validUntil
      ?? Timestamp.now.advanced(byMilliseconds: UInt64(max(0, validity.wholeMilliseconds)))
    do throws(TransactionError) {
      return try TransactionDraft(
        operations: operations, validUntil: end, nonce: nonce ?? .random(in: 0...UInt64.max),
        chain: chain, hash: &hash)
    } catch {
      throw .transaction(error)
    }
  }

  /// A transaction signed by `signers`.
  public func transaction(
    _ operations: [Ledger.Operation], signers: [Signer], validUntil: Timestamp? = nil,
    nonce: UInt64? = nil
  ) throws(ClientError) -> SignedTransaction {
    try sign(try draft(operations, validUntil: validUntil, nonce: nonce), signers: signers)
  }

  /// The transaction in `draft` with its existing signatures and those of `signers`.
  public func sign(
    _ draft: TransactionDraft, signers: [Signer]
  ) throws(ClientError)
    -> SignedTransaction
  {
    var draft = draft
    for signer in signers {
      do throws(CryptoError) {
        try draft.sign(as: signer.member, with: signer.key)
      } catch {
        throw .crypto(error)
      }
    }
    var hash = HashFunction(chain.suite)
    do throws(TransactionError) {
      return try draft.assemble(hash: &hash)
    } catch {
      throw .transaction(error)
    }
  }
}

extension Timestamp {
  /// The time by this machine's clock, which may be wrong.
  public static var now: Timestamp {
    Timestamp(UInt64(max(0, Date().timeIntervalSince1970 * 1000)))
  }
}
