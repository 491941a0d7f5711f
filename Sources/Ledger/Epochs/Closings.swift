public import Cryptography
public import Primitives

/// The closings of consecutive epochs, which lead from a known set of validators to that of a certificate.
public struct Closings: Hashable, Sendable {
  /// The epoch that the first of them ends.
  public var first: Epoch
  public var list: [Closing]

  public init(_ list: [Closing] = [], first: Epoch = .first) {
    self.first = first
    self.list = list
  }

  /// The epoch to which they lead.
  public var epoch: Epoch { Epoch(first.rawValue.addingReportingOverflow(UInt64(list.count)).partialValue) }

  /// The configuration of the epoch to which they lead. Rely on it only after `verify`.
  public func configuration(_ genesis: Genesis) -> ChainConfiguration {
    list.last?.configuration ?? genesis.configuration
  }

  /// What closings prove.
  public struct Proved: Hashable, Sendable {
    public let validators: ValidatorSet
    /// The blocks of the epoch lie above this height.
    public let height: Height
    /// Whether a checkpoint was given that is of a later epoch, so that everything rests on older keys.
    public let isBelowCheckpoint: Bool

    func names(of signers: [ValidatorIndex]) -> [String] { signers.map { validators[$0].name } }
  }

  /// Checks all of them, beginning with the validators that genesis names, or with the checkpoint if it is among them: what
  /// comes before it is then not relied on.
  public func verify(
    genesis: Genesis, checkpoint: Checkpoint? = nil, hash: inout HashFunction
  ) throws(ClosingsError) -> Proved {
    var next = 0
    var height = Height.genesis
    var validators: ValidatorSet?
    if let checkpoint, checkpoint.epoch > first, checkpoint.epoch <= epoch {
      next = Int(checkpoint.epoch.rawValue - first.rawValue)
      let closing = list[next - 1]
      do throws(ClosingError) {
        guard closing.result.digest(hash: &hash) == checkpoint.result else { throw .otherThanCheckpoint }
        let before = Epoch(checkpoint.epoch.rawValue - 1)
        validators = try closing.verifyNext(after: before, above: .genesis, hash: &hash)
      } catch {
        throw .closing(before(next), error)
      }
      height = closing.result.height
    }
    var current: ValidatorSet
    if let validators {
      current = validators
    } else {
      guard first == .first else { throw .unknownFirst(first) }
      guard (1...Limits.validators).contains(genesis.validators.count) else { throw .unknownFirst(first) }
      current = genesis.validatorSet
    }
    for index in next..<list.count {
      do throws(ClosingError) {
        current = try list[index].verify(genesis.chain, current, above: height, hash: &hash)
      } catch {
        throw .closing(Epoch(first.rawValue + UInt64(index)), error)
      }
      height = list[index].result.height
    }
    return Proved(
      validators: current, height: height, isBelowCheckpoint: checkpoint.map { $0.epoch > epoch } ?? false)
  }

  /// Checks everything but the signatures, and returns those, for whoever verifies them elsewhere.
  /// - Parameter validators: those of the first epoch; its blocks lie above `height`.
  /// - Parameter checkpoint: what the result that it names must be, if that is among the closings.
  package func signatures(
    _ chain: ChainContext, _ validators: ValidatorSet, above height: Height, checkpoint: Checkpoint? = nil,
    hash: inout HashFunction
  ) throws(ClosingsError) -> [VerificationItem] {
    var (current, height) = (validators, height)
    var items: [VerificationItem] = []
    for (index, closing) in list.enumerated() {
      do throws(ClosingError) {
        let next = try closing.verifyContent(current, above: height, hash: &hash)
        if let checkpoint, checkpoint.epoch == closing.next {
          guard closing.result.digest(hash: &hash) == checkpoint.result else { throw .otherThanCheckpoint }
        }
        items += closing.certificate.signatures(chain, current)
        current = next
      } catch {
        throw .closing(Epoch(first.rawValue + UInt64(index)), error)
      }
      height = closing.result.height
    }
    return items
  }

  private func before(_ index: Int) -> Epoch { Epoch(first.rawValue + UInt64(index) - 1) }

  /// Writes the first epoch, the number of closings, and the closings.
  public func encode(into writer: inout Writer) {
    writer.integer(first.rawValue)
    writer.count(list.count)
    for closing in list { closing.encode(into: &writer) }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    first = Epoch(try reader.integer())
    let count = try reader.count(limit: Limits.closings, "closings")
    let start = reader.offset
    list = []
    for _ in 0..<count {
      list.append(try Closing(from: &reader))
      guard reader.offset - start <= Limits.closingBytes else {
        throw .tooLong(
          field: "bytes of closings", value: UInt64(reader.offset - start), limit: UInt64(Limits.closingBytes))
      }
    }
  }
}
