/// All bounds on what a peer, a client or a disk can make the node hold or do.
///
/// The bounds of the first group are part of the format: nodes that disagree on them would disagree on blocks.
public enum Limits {
  // MARK: The format

  /// Validators of one epoch.
  public static let validators = 256
  /// Nodes in the directory: the validators and their observers.
  public static let nodes = 256
  /// How long a member waits after it changed the vote key of its validator without the administrators, in milliseconds.
  public static let keyChangeMilliseconds: UInt64 = 24 * 60 * 60 * 1000
  /// Bytes of a member or asset name.
  public static let nameBytes = 32
  /// Bytes of an account name, `member` or `member/path`.
  public static let accountBytes = 64
  /// Keys of one member.
  public static let memberKeys = 16
  /// Signatures on one transaction, together with the proofs of keys in its operations.
  public static let transactionSignatures = 64
  /// Operations in one transaction.
  public static let transactionOperations = 10_000
  /// Bytes of one signed transaction.
  public static let transactionBytes = 1 << 20
  /// Bytes of a record's collection name, of its key and of its metadata.
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
  /// Operations of one block, in all its transactions together.
  public static let blockOperations = 200_000
  /// Bytes of one encoded block.
  public static let blockBytes = 4 << 20
  /// Members that genesis may name.
  public static let genesisMembers = 1024
  /// Bytes of a node's address, `host:port`, and the addresses and transport keys of one node.
  public static let addressBytes = 255
  public static let nodeAddresses = 4
  public static let nodePins = 2
  /// Bytes of an encoded genesis.
  public static let genesisBytes = 4 << 20
  /// The leader time-out, in milliseconds.
  public static let leaderTimeoutMilliseconds: ClosedRange<UInt32> = 10...60_000
  /// Closings in one receipt or proof, and their bytes.
  public static let closings = 4096
  public static let closingBytes = 4 << 20
  /// Headers in a receipt after that of the transaction's block, up to and including the certified one.
  public static let receiptDescendants = 1024
  /// How far `validUntil` may lie after a block's time at most, in milliseconds. This bounds the number of remembered ids.
  public static let validityMilliseconds: UInt64 = 24 * 60 * 60 * 1000
  /// What a chain may set instead, as its parameters: no less than every transaction needs to get into a block.
  public static let settableBlockBytes: ClosedRange<UInt32> = UInt32(transactionBytes) + 4096...UInt32(blockBytes)
  public static let settableBlockOperations: ClosedRange<UInt32> =
    UInt32(transactionOperations)...UInt32(blockOperations)
  public static let settableValidity: ClosedRange<UInt32> = 60_000...UInt32(validityMilliseconds)
  /// Bytes of a hold's reference.
  public static let holdReferenceBytes = 64
  /// How far a hold's expiry may lie after the block's time at most, in milliseconds: ten years.
  public static let holdMilliseconds: UInt64 = 3653 * 24 * 60 * 60 * 1000
  /// Expired holds that one block returns.
  public static let returnedHoldsPerBlock = 2000
  /// Transactions in one entry of remembered ids.
  public static let rememberedGroup = 32
  /// Remembered ids that one block removes from the state, or a few more, in addition to four for each of its
  /// transactions.
  public static let forgottenIdentitiesPerBlock = 1024
  /// The average number of entries in a snapshot's chunk, the number of key bits that tell chunks apart, and the
  /// bytes of a chunk.
  public static let snapshotChunkEntries = 4096
  public static let snapshotPrefixBits = 12
  public static let snapshotChunkBytes = 15 << 20
  /// Chunks of a snapshot, if some were divided further because of their bytes.
  public static let snapshotChunks = 1 << 16
  /// Bytes of a snapshot's manifest: the digests of all chunks, and the longest proof.
  public static let manifestBytes = 5 << 19

  /// Keys that the members admitted by one registrar, without the administrators, may have in one block.
  public static let registrarKeysPerBlock = 256

  // MARK: The node

  /// Bytes of the body of one request.
  public static let requestBodyBytes = 8 << 20
  /// Operations of a transaction that is tried that can change who may act, with the keys that they name.
  public static let previewAuthorityChanges = 256
  /// Registrars that the trial of a transaction names.
  public static let previewRegistrars = 16
  /// Bytes of a stranger's input that a message repeats.
  public static let quotedBytes = 200
  /// How far a proposal's time may lie ahead of the node's own clock, in milliseconds.
  public static let clockDriftMilliseconds: UInt64 = 10_000
  /// Transactions that wait in the mempool, and their bytes.
  public static let mempoolTransactions = 100_000
  public static let mempoolBytes = 256 << 20
  /// One member's share of the mempool, as a divisor of both limits.
  public static let mempoolMemberShare = 4
  /// What the transactions of one peer that are still being verified may take of the mempool, as a divisor of both
  /// limits.
  public static let mempoolPeerShare = 4
  /// Views below the last final one whose votes and certificates are kept in memory for peers that lag behind.
  public static let retainedViews = 64
  /// The maximum number of views above the last final one that the consensus keeps.
  public static let trackedViews = 1024
  /// Pieces of evidence of contradictory votes that are kept in memory.
  public static let evidence = 256
  /// Missing blocks, known only by their digests, that are requested at the same time.
  public static let orphanBlocks = 64
  /// Blocks in one answer to a range request, and their bytes.
  public static let syncBlocks = 256
  public static let syncBytes = 8 << 20
  /// Bytes of blocks and snapshots that are sent to a peer that catches up, in a second on average and at once. It verifies
  /// and executes fewer.
  public static let answerRate = 32 << 20
  public static let answerBurst = 32 << 20
  /// Closings in one answer to a peer, and their bytes.
  public static let syncClosings = 64
  public static let syncClosingBytes = 1 << 20
  /// Bytes of messages of the next epoch that wait until this node begins it.
  public static let shelfBytes = 8 << 20
  /// Headers between a range's last block and the certified one, and the bytes of one header.
  public static let syncHeaders = 1024
  public static let headerBytes = 256
  /// Bytes of proposed blocks that wait to be executed, besides those that the consensus asks about.
  public static let proposedBytes = 64 << 20
  /// Requests for signature verification that the votes, certificates and blocks of one peer may have under way, and
  /// the bytes that they hold in memory.
  public static let peerChecks = 512
  public static let peerCheckBytes = 64 << 20
  /// The newest views of which votes are put aside unverified, one of each signer and kind; and the certificates of one
  /// peer that are put aside while another one for the same statement is being verified.
  public static let asideViews = 64
  /// Own statements that are kept for when the signer is back.
  public static let withheldStatements = 64
  public static let peerAsideCertificates = 16
  /// Certificates that are sent to a peer in one retry interval because it asks for them or says that it is behind; an
  /// answer that has begun is not cut off.
  public static let peerCertificates = 512
  /// What one peer may send that is of no use, in bytes at once and in a second. Each frame counts 1 KiB more, and
  /// transactions a quarter. An honest peer stays within this, whatever its clients send: it offers them at `offerRate`, and
  /// what the network has held back, which may arrive at once, is a full queue (`peerQueueBytes`, `peerQueueFrames`).
  public static let wastedBytes = 32 << 20
  public static let wastedBytesPerSecond = 4 << 20
  /// Signatures of a block that are verified in one piece, and the pieces of one block that are under way.
  public static let blockPieceSignatures = 256
  public static let blockPieces = 8
  /// Bytes of a final block with its execution record and proof.
  public static let finalBytes = blockBytes + (1 << 20)
  /// Bytes of one frame between peers.
  public static let frameBytes = 16 << 20
  /// Frames that wait for one peer, and their bytes.
  public static let peerQueueFrames = 8192
  public static let peerQueueBytes = 64 << 20
  /// Transactions offered to a peer in one frame, and their bytes.
  public static let offeredTransactions = 512
  public static let offeredBytes = 2 << 20
  /// Bytes of transactions from its clients that a node offers to its peers in a second, and at once.
  public static let offerRate = 12 << 20
  public static let offerBurst = 16 << 20
  /// Blocks that the log has not made durable yet, and their bytes with the records between them, at which no further
  /// blocks are taken; an answer with a range that is on its way may exceed this.
  public static let undurableBlocks = 4096
  public static let undurableBytes = 64 << 20
  /// Bytes of one record of the log.
  public static let recordBytes = 16 << 20
  /// Bytes of one segment of the log.
  public static let segmentBytes = 64 << 20
  /// Bytes of blocks after which a snapshot is due, even before its interval is over.
  public static let snapshotBlockBytes = 4 << 30
  /// Bytes that the owner of the log may carry over from the part that is pruned.
  public static let logCarryBytes = 1 << 20
}
