/// Every bound on what a peer, a client or a disk can make the node hold or do, in one place.
///
/// Those of the first group are part of the format: nodes that disagree on them would disagree on blocks.
public enum Limits {
  // MARK: The format

  /// Validators of one epoch.
  public static let validators = 256
  /// Bytes of a member or asset name.
  public static let nameBytes = 32
  /// Bytes of an account name, `member` or `member/path`.
  public static let accountBytes = 64
  /// Keys of one member.
  public static let memberKeys = 16
  /// Signatures on one transaction.
  public static let transactionSignatures = 64
  /// Operations in one transaction.
  public static let transactionOperations = 10_000
  /// Bytes of one signed transaction.
  public static let transactionBytes = 1 << 20
  /// Bytes of a record's collection name, of its key, and of its metadata.
  public static let recordCollectionBytes = 64
  public static let recordKeyBytes = 128
  public static let recordMetadataBytes = 1024
  /// Bytes of a transfer's memo.
  public static let memoBytes = 64
  /// Bytes of an asset's or member's description, and of the reason for a suspension.
  public static let descriptionBytes = 256
  /// Decimals of an asset.
  public static let assetDecimals = 30
  /// Transactions of one block.
  public static let blockTransactions = 20_000
  /// Operations of one block, over all its transactions.
  public static let blockOperations = 200_000
  /// Bytes of one encoded block.
  public static let blockBytes = 4 << 20
  /// Members and validators that genesis may name.
  public static let genesisMembers = 1024
  /// Bytes of a validator's address in genesis, `host:port`.
  public static let addressBytes = 255
  /// Bytes of an encoded genesis.
  public static let genesisBytes = 4 << 20
  /// The leader time-out that genesis may set, in milliseconds.
  public static let leaderTimeoutMilliseconds: ClosedRange<UInt32> = 10...60_000
  /// Headers in a receipt after that of the transaction's block, up to the certified one.
  public static let receiptDescendants = 1024
  /// How far ahead of a block's time `validUntil` may lie, in milliseconds: bounds the remembered ids.
  public static let validityMilliseconds: UInt64 = 24 * 60 * 60 * 1000
  /// Remembered transactions of one entry of the state.
  public static let rememberedGroup = 32
  /// Remembered ids that one block forgets, or a few more, beyond four for each transaction it carries.
  public static let forgottenIdentitiesPerBlock = 1024
  /// Entries of one chunk of a snapshot on average, bits of the keys that tell chunks apart, and bytes of a chunk.
  public static let snapshotChunkEntries = 4096
  public static let snapshotPrefixBits = 12
  public static let snapshotChunkBytes = 15 << 20
  /// Bytes of a snapshot's manifest: digests of all chunks, and a proof with all headers that it may have.
  public static let manifestBytes = 512 << 10

  // MARK: The node

  /// Bytes of one request's body.
  public static let requestBodyBytes = 8 << 20
  /// Bytes of somebody's input that a message repeats.
  public static let quotedBytes = 200
  /// How far a proposal's time may lie ahead of the own clock, in milliseconds.
  public static let clockDriftMilliseconds: UInt64 = 10_000
  /// Transactions, and their bytes, that wait in the mempool.
  public static let mempoolTransactions = 100_000
  public static let mempoolBytes = 256 << 20
  /// One member's share of the mempool, as a divisor of both limits.
  public static let mempoolMemberShare = 4
  /// Finalized heights behind the last whose votes and blocks are kept in memory for peers that lag.
  public static let retainedViews = 64
  /// Views above the last finalized one that the consensus keeps at most.
  public static let trackedViews = 1024
  /// Evidence of misbehaviour kept in memory.
  public static let evidence = 256
  /// Blocks without a place in the chain yet that are kept at most.
  public static let orphanBlocks = 64
  /// Blocks, and their bytes, in one answer to a range request.
  public static let syncBlocks = 256
  public static let syncBytes = 8 << 20
  /// Headers between a range's last block and the certified one, and the bytes of one header.
  public static let syncHeaders = 1024
  public static let headerBytes = 256
  /// Requests for signature checks that one peer's messages may have under way.
  public static let peerChecks = 512
  /// Bytes of a final block with its execution and proof.
  public static let finalBytes = blockBytes + (1 << 20)
  /// Bytes of one frame between peers.
  public static let frameBytes = 16 << 20
  /// Frames, and their bytes, that wait for one peer.
  public static let peerQueueFrames = 8192
  public static let peerQueueBytes = 64 << 20
  /// Transactions, and their bytes, offered to a peer in one frame.
  public static let offeredTransactions = 512
  public static let offeredBytes = 2 << 20
  /// Bytes of one record of the log.
  public static let recordBytes = 16 << 20
  /// Bytes of one segment of the log.
  public static let segmentBytes = 64 << 20
  /// Bytes that the log's owner may keep of the part that is pruned.
  public static let logCarryBytes = 1 << 20
}
