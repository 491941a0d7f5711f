public import Cryptography
public import Primitives

/// A final block and its result, with their proof: the headers above the block up to a certified one, and the
/// finalization of that one. Receipts, proofs of entries and snapshots contain such a proof.
public struct CertifiedBlock: Hashable, Sendable {
  public var header: BlockHeader
  public var result: BlockResult
  /// The headers above the block, up to that of the certified block; empty if the block itself is certified.
  public var descendants: [BlockHeader]
  /// The finalization of the block of the last header.
  public var certificate: Certificate

  public init(header: BlockHeader, result: BlockResult, descendants: [BlockHeader], certificate: Certificate) {
    self.header = header
    self.result = result
    self.descendants = descendants
    self.certificate = certificate
  }

  public var height: Height { header.height }

  /// The point of the chain that this proves. Rely on it only after `verify`, or after `verifyDescent` and a check of
  /// the signatures.
  public func point(_ chain: ChainContext, hash: inout HashFunction) -> ChainPoint {
    ChainPoint(
      height: header.height, block: header.digest(chain, hash: &hash), result: result.digest(hash: &hash),
      timestamp: header.timestamp, stateRoot: result.stateRoot,
      above: result.above ?? EpochReference(epoch: .first, configuration: .zero))
  }

  /// Checks the closings and every link from the block to the signatures of the validators to whom they lead. Returns what
  /// the closings prove.
  func verify(
    _ closings: Closings, genesis: Genesis, checkpoint: Checkpoint?
  ) throws(ReceiptError) -> Closings.Proved {
    var hash = HashFunction(genesis.suite)
    let proved: Closings.Proved
    do throws(ClosingsError) {
      proved = try closings.verify(genesis: genesis, checkpoint: checkpoint, hash: &hash)
    } catch {
      throw .closings(error)
    }
    guard closings.list.isEmpty || height > proved.height else {
      throw .heightOfOtherEpoch(height, above: proved.height)
    }
    try verify(genesis.chain, validators: proved.validators)
    return proved
  }

  /// Checks every link from the block to the signatures of `validators`, which must be the set of the certificate's
  /// epoch.
  public func verify(_ chain: ChainContext, validators: ValidatorSet) throws(ReceiptError) {
    var hash = HashFunction(chain.suite)
    try verifyDescent(chain, hash: &hash)
    try verifyCertificate(chain, validators)
  }

  /// Checks every link from the block to the signatures of the validators of the certificate's epoch, which whoever added
  /// the closings vouches for.
  public func verify(_ genesis: Genesis, _ closings: ClosingBook) throws(ReceiptError) {
    let epoch = certificate.statement.epoch
    guard let validators = closings.validators(of: epoch, genesis) else { throw .unknownEpoch(epoch) }
    try verifyEpoch(closings)
    try verify(genesis.chain, validators: validators)
  }

  /// Checks that the block is of the epoch of its certificate. An honest quorum signs nothing that leads across an end.
  package func verifyEpoch(_ closings: ClosingBook) throws(ReceiptError) {
    let epoch = certificate.statement.epoch
    guard let opening = closings.opening(of: epoch) else { throw .unknownEpoch(epoch) }
    guard height > opening else { throw .heightOfOtherEpoch(height, above: opening) }
  }

  /// Checks that the result belongs to the block, that each header follows the one before it, and that the
  /// certificate is about the last of them. Does not verify the certificate's signatures.
  public func verifyDescent(_ chain: ChainContext, hash: inout HashFunction) throws(ReceiptError) {
    guard descendants.count <= Limits.receiptDescendants else {
      throw .encoding(
        .tooLong(
          field: "descendants", value: UInt64(descendants.count), limit: UInt64(Limits.receiptDescendants)))
    }
    var last = header.digest(chain, hash: &hash)
    guard result.block == last, result.height == header.height else { throw .resultOfOtherBlock }
    let resultDigest = result.digest(hash: &hash)
    var height = header.height
    for (position, next) in descendants.enumerated() {
      // The first header binds the result of the block; the others only have to follow one another.
      guard next.parent == last, next.height == height.next, position > 0 || next.parentResult == resultDigest else {
        throw .brokenDescent(index: position)
      }
      last = next.digest(chain, hash: &hash)
      height = next.height
    }
    guard case .finalize(let proposal, let certified) = certificate.statement else { throw .notFinal }
    guard proposal.block == last, !descendants.isEmpty || certified == resultDigest else {
      throw .certificateOfOtherBlock
    }
  }

  private func verifyCertificate(_ chain: ChainContext, _ validators: ValidatorSet) throws(ReceiptError) {
    do throws(CertificateFault) {
      try certificate.verify(chain, validators)
    } catch {
      switch error {
      case .epoch(let epoch, _): throw .unknownEpoch(epoch)
      case .signers(let count, let quorum, let validators):
        throw .signers(count: count, quorum: quorum, validators: validators)
      case .signature(let signer): throw .signature(signer)
      }
    }
  }

  /// Writes the header, the result, the number of headers above, these headers, and the certificate.
  public func encode(into writer: inout Writer, chain: ChainContext) {
    header.encode(into: &writer, chain: chain)
    result.encode(into: &writer)
    writer.integer(UInt32(clamping: descendants.count))
    for header in descendants { header.encode(into: &writer, chain: chain) }
    certificate.encode(into: &writer)
  }

  public init(from reader: inout Reader, chain: ChainContext) throws(ReceiptError) {
    header = try Self.header(&reader, chain)
    let count: Int
    do throws(CodecError) {
      result = try BlockResult(from: &reader, hasEpochs: chain.hasEpochs)
      count = try reader.count(limit: Limits.receiptDescendants, "descendants")
    } catch {
      throw .encoding(error)
    }
    descendants = []
    for _ in 0..<count { descendants.append(try Self.header(&reader, chain)) }
    do throws(CodecError) {
      certificate = try Certificate(from: &reader)
    } catch {
      throw .encoding(error)
    }
  }

  private static func header(_ reader: inout Reader, _ chain: ChainContext) throws(ReceiptError) -> BlockHeader {
    do throws(BlockError) {
      return try BlockHeader(from: &reader, chain: chain)
    } catch {
      throw .header(error)
    }
  }
}
