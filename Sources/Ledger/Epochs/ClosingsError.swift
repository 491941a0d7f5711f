public import Primitives

/// The reason why closings do not lead to the validators of an epoch.
public enum ClosingsError: Error, Hashable, Sendable {
  /// They begin with an epoch whose validators are not known.
  case unknownFirst(Epoch)
  /// The closing of this epoch proves nothing.
  case closing(Epoch, ClosingError)
}

extension ClosingsError: ExplainedError {
  public var code: String {
    switch self {
    case .unknownFirst: "closing.unknown-first-epoch"
    case .closing(_, let error): error.code
    }
  }

  public var explanation: String {
    switch self {
    case .unknownFirst(let epoch):
      "its closings begin with epoch \(epoch), whose validators are not known; those of genesis are of epoch 0"
    case .closing(let epoch, let error): "the closing of epoch \(epoch): \(error.explanation)"
    }
  }

  public var nextStep: String {
    switch self {
    case .unknownFirst: "fetch it again with all closings, or verify it with a checkpoint of one of its epochs"
    case .closing(_, let error): error.nextStep
    }
  }
}
