/// Something that an operator should know of a node or its chain: what is wrong, or what soon will be.
public struct Finding: Hashable, Sendable {
  /// How much it matters. The order is that of the cases.
  public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Nothing is wrong, but somebody might not expect it.
    case notice
    /// The node works, but something is wrong or soon will be.
    case warning
    /// The node does not do its part, or nothing can become final.
    case critical

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .notice: 0
      case .warning: 1
      case .critical: 2
      }
    }
  }

  /// What a finding is about.
  public struct Subject: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
      case chain, validator, peer, node, key, clock, disk, descriptors, memory, queue, pool, index, snapshot, history,
        api
      case log
    }

    public var kind: Kind
    /// Which one: a node's name, a folder, a member; nil if there is only one.
    public var name: String?

    public init(_ kind: Kind, _ name: String? = nil) {
      self.kind = kind
      self.name = name
    }
  }

  /// What stays the same for as long as something is the matter.
  public struct Identity: Hashable, Sendable {
    public var code: String
    public var subject: Subject

    public init(code: String, subject: Subject) {
      self.code = code
      self.subject = subject
    }
  }

  public var identity: Identity { Identity(code: code, subject: subject) }

  /// A stable, dotted name for programs.
  public var code: String
  public var severity: Severity
  /// When it began, by the clock of the node that found it.
  public var since: Timestamp
  public var subject: Subject
  /// What is the matter, with the figures.
  public var explanation: String
  /// What to do about it.
  public var nextStep: String

  public init(
    code: String, severity: Severity, since: Timestamp, subject: Subject, explanation: String, nextStep: String
  ) {
    self.code = code
    self.severity = severity
    self.since = since
    self.subject = subject
    self.explanation = explanation
    self.nextStep = nextStep
  }
}
