import Primitives

/// Why the run could not continue, or which promise was broken.
enum ChaosError: Error {
  /// A program that the run needs ended with an error.
  case command(String, status: Int32, output: String)
  case tookTooLong(String, seconds: Double)
  case file(String, reason: String)
  case noBinary(String)
  case unknownFault(String)
  case unknownPlay(String)
  case setUp(String)
  /// The cluster broke a promise, which is what a run tries to find.
  case broken(Promise, String)

  enum Promise: String, Sendable, Codable {
    case progress, oneChain, oneVote, acknowledged, supply, returning, audit, receipts, validators, liveness, insider
  }
}

extension ChaosError: ExplainedError {
  var code: String {
    switch self {
    case .command: "chaos.command"
    case .tookTooLong: "chaos.took-too-long"
    case .file: "chaos.file"
    case .noBinary: "chaos.no-binary"
    case .unknownFault: "chaos.unknown-fault"
    case .unknownPlay: "chaos.unknown-play"
    case .setUp: "chaos.set-up"
    case .broken(let promise, _): "chaos.broken.\(promise.rawValue)"
    }
  }

  var explanation: String {
    switch self {
    case .command(let command, let status, let output): "'\(command)' ended with status \(status): \(output)"
    case .tookTooLong(let command, let seconds): "'\(command)' did not end within \(seconds) seconds"
    case .file(let path, let reason): "\(path): \(reason)"
    case .noBinary(let path): "there is no program at \(path)"
    case .unknownFault(let text):
      "\"\(text)\" is not a fault; the faults are \(FaultKind.allCases.map(\.rawValue).joined(separator: ", "))"
    case .unknownPlay(let text):
      "\"\(text)\" is not a play; the plays are \(HostilePlay.allCases.map(\.rawValue).joined(separator: ", "))"
    case .setUp(let reason): "the cluster could not be set up: \(reason)"
    case .broken(_, let what): what
    }
  }

  var nextStep: String {
    switch self {
    case .command, .tookTooLong, .file: "run the command by hand to see why; --no-namespaces avoids network namespaces"
    case .noBinary: "build it: swift build --product roadbed, or give its path with --roadbed"
    case .unknownFault, .unknownPlay: "give some of them, separated by commas"
    case .setUp: "run with --keep and see node.log of each node"
    case .broken: "run again with the same --seed and --keep, and read node.log of each node"
    }
  }
}

extension Error {
  /// The error as one line for people.
  var line: String {
    guard let explained = self as? any ExplainedError else { return "\(self)" }
    return "[\(explained.code)] \(explained.explanation)"
  }
}
