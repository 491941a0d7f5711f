/// What a vote says, and therefore what a certificate of equal votes proves.
public enum Statement: Hashable, Sendable {
  /// "This block may become the block of its view." At most one per validator and view.
  case notarize(Proposal)
  /// "This view ends without a final block."
  case nullify(epoch: Epoch, view: View)
  /// "I have not given this view up, and executing its block gives this result." The result is the digest of the
  /// block's result, so that a certificate vouches for block and outcome together.
  case finalize(Proposal, result: Digest)

  public enum Kind: UInt8, CaseIterable, Sendable {
    case notarize = 1
    case nullify = 2
    case finalize = 3
  }

  public var kind: Kind {
    switch self {
    case .notarize: .notarize
    case .nullify: .nullify
    case .finalize: .finalize
    }
  }

  public var epoch: Epoch {
    switch self {
    case .notarize(let proposal), .finalize(let proposal, _): proposal.epoch
    case .nullify(let epoch, _): epoch
    }
  }

  public var view: View {
    switch self {
    case .notarize(let proposal), .finalize(let proposal, _): proposal.view
    case .nullify(_, let view): view
    }
  }

  public var round: Round { Round(epoch: epoch, view: view) }

  /// The proposal of a notarize or finalize; nil for a nullify.
  public var proposal: Proposal? {
    switch self {
    case .notarize(let proposal), .finalize(let proposal, _): proposal
    case .nullify: nil
    }
  }

  /// Whether a signer that makes both statements contradicts itself: two different ones of a kind in one view, or a
  /// nullify and a finalize. A notarize together with a nullify is legal.
  public func contradicts(_ other: Statement) -> Bool {
    guard round == other.round, self != other else { return false }
    return kind == other.kind || (kind != .notarize && other.kind != .notarize)
  }

  /// The exact bytes that a validator signs: the tag, the suite, the genesis digest, then the fields of the
  /// statement.
  public func signedBytes(_ chain: ChainContext) -> [UInt8] {
    let domain: Domain =
      switch kind {
      case .notarize: .notarize
      case .nullify: .nullify
      case .finalize: .finalize
      }
    var writer = Writer(domain, capacity: 160)
    writer.byte(chain.suite.rawValue)
    writer.digest(chain.genesis)
    encodeFields(into: &writer)
    return writer.bytes
  }

  /// Writes the kind byte, then the fields.
  public func encode(into writer: inout Writer) {
    writer.byte(kind.rawValue)
    encodeFields(into: &writer)
  }

  private func encodeFields(into writer: inout Writer) {
    writer.integer(epoch.rawValue)
    writer.integer(view.rawValue)
    if let proposal {
      writer.integer(proposal.parent.rawValue)
      writer.digest(proposal.block)
    }
    if case .finalize(_, let result) = self { writer.digest(result) }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let rawKind = try reader.byte()
    guard let kind = Kind(rawValue: rawKind) else { throw .unknown(field: "vote kind", value: UInt64(rawKind)) }
    let epoch = Epoch(try reader.integer())
    let view = View(try reader.integer())
    guard view != .genesis else { throw .invalid(field: "vote view") }
    if kind == .nullify {
      self = .nullify(epoch: epoch, view: view)
      return
    }
    let parent = View(try reader.integer())
    guard parent < view else { throw .invalid(field: "parent view") }
    let proposal = Proposal(epoch: epoch, view: view, parent: parent, block: try reader.digest())
    self = kind == .notarize ? .notarize(proposal) : .finalize(proposal, result: try reader.digest())
  }
}
