public import Cryptography
public import Primitives

/// The proof of who the validators of an epoch are, for whoever knows those of the epoch before: the result of its last
/// block, the finalization of that block, and the configuration that the result names.
///
/// A closing block has no descendants in its epoch, so a finalization of the block itself exists. Different nodes may hold
/// different ones, of another view or with other signers.
public struct Closing: Hashable, Sendable {
  public var result: BlockResult
  public var certificate: Certificate
  /// That of the next epoch.
  public var configuration: ChainConfiguration

  public init(result: BlockResult, certificate: Certificate, configuration: ChainConfiguration) {
    self.result = result
    self.certificate = certificate
    self.configuration = configuration
  }

  /// The closing that a proof of a block with its own finalization is, if the block ends its epoch; otherwise nil.
  package init?(_ proof: CertifiedBlock, leadingTo configuration: ChainConfiguration) {
    guard proof.descendants.isEmpty, let above = proof.result.above, above.epoch > proof.certificate.statement.epoch
    else {
      return nil
    }
    self.init(result: proof.result, certificate: proof.certificate, configuration: configuration)
  }

  /// The epoch that it ends.
  public var epoch: Epoch { certificate.statement.epoch }

  /// The epoch that begins above its block.
  public var next: Epoch { Epoch(epoch.rawValue &+ 1) }

  /// The block with which the next epoch begins.
  public var block: Digest { result.block }

  /// Checks the closing of the epoch of `validators`, whose blocks lie above `height`, and returns the validators of the
  /// next one.
  public func verify(
    _ chain: ChainContext, _ validators: ValidatorSet, above height: Height, hash: inout HashFunction
  ) throws(ClosingError) -> ValidatorSet {
    let next = try verifyContent(validators, above: height, hash: &hash)
    do throws(CertificateFault) {
      try certificate.verify(chain, validators)
    } catch {
      throw .certificate(error)
    }
    return next
  }

  /// Checks everything but the signatures.
  func verifyContent(
    _ validators: ValidatorSet, above height: Height, hash: inout HashFunction
  ) throws(ClosingError) -> ValidatorSet {
    let next = try verifyNext(after: validators.epoch, above: height, hash: &hash)
    guard case .finalize(let proposal, let result) = certificate.statement else { throw .notFinal }
    guard proposal.block == self.result.block, result == self.result.digest(hash: &hash) else {
      throw .certificateOfOtherBlock
    }
    do throws(CertificateFault) {
      try certificate.verifySigners(of: validators)
    } catch {
      throw .certificate(error)
    }
    return next
  }

  /// Checks that the result ends `epoch` and names the configuration, for which the validators of that epoch vouch if they
  /// signed the result.
  func verifyNext(
    after epoch: Epoch, above height: Height, hash: inout HashFunction
  ) throws(ClosingError) -> ValidatorSet {
    guard let above = result.above, above.epoch > epoch, above.epoch.rawValue == epoch.rawValue + 1 else {
      throw .notClosing(epoch: epoch)
    }
    guard result.height > height else { throw .height(result.height, above: height) }
    guard above.configuration == configuration.digest(hash: &hash) else { throw .otherConfiguration }
    guard (1...Limits.validators).contains(configuration.validators.count) else { throw .otherConfiguration }
    return configuration.validatorSet(of: above.epoch)
  }

  /// The encoding: result, certificate and configuration.
  public var bytes: [UInt8] {
    var writer = Writer(capacity: 1024)
    encode(into: &writer)
    return writer.bytes
  }

  public var byteCount: Int { bytes.count }

  public init(bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in try Closing(from: &reader) }
  }

  /// Writes result, certificate and configuration.
  public func encode(into writer: inout Writer) {
    result.encode(into: &writer)
    certificate.encode(into: &writer)
    configuration.encode(into: &writer)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    result = try BlockResult(from: &reader)
    certificate = try Certificate(from: &reader)
    configuration = try ChainConfiguration(from: &reader)
  }
}
