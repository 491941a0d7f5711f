/// What stands before a value or above a column.
enum CertificateLabel: CaseIterable {
  // The chain and the transaction.
  case chain
  case genesis
  case suite
  case transaction
  case outcome
  case failedOperation
  case signedBy
  case member
  case description
  case key
  case validUntil
  case nonce

  // The place in the chain.
  case blockTime
  case height
  case position
  case epoch
  case view
  case parentView

  // Digests.
  case transactionLeaf
  case transactionRoot
  case block
  case parentBlock
  case parentResult
  case outcomeBytes
  case outcomeLeaf
  case outcomeRoot
  case stateRoot
  case result
  case epochAbove
  case configurationAbove
  case confirmedHeight
  case confirmedBlock
  case confirmedResult

  // Who confirmed it.
  case number
  case validator
  case organisation
  case vote
  case voteKey
  case validators
  case signed
  case quorumShare
  case nextValidators

  // The fields of operations that their sentences leave out.
  case roles
  case keys
  case threshold
  case reason
  case memo
  case holdReference
  case expires
  case arbiter
  case recordKey
  case contentDigest
  case metadata
  case addresses
  case transportKeys
  case keyProof
  case foundConfiguration

  // How to verify.
  case receiptFile
  case genesisFile
  case fileDigest
  case checkpoint
}
