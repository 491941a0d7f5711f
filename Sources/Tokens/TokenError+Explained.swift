internal import Cryptography
public import Primitives

extension TokenError: ExplainedError {
  public var code: String {
    switch self {
    case .uri(let fault): fault.code
    case .module: "token.module"
    case .absent: "token.absent"
    case .ambiguous: "token.ambiguous"
    case .away: "token.away"
    case .pinNeeded: "token.pin-needed"
    case .pinFile: "token.pin-file"
    case .pinLength: "token.pin-length"
    case .pinWrong: "token.pin-wrong"
    case .pinFinalTry: "token.pin-final-try"
    case .pinLocked: "token.pin-locked"
    case .pinNotSet: "token.pin-not-set"
    case .pinExpired: "token.pin-expired"
    case .suite: "token.suite"
    case .noObject: "token.no-object"
    case .objectMissing: "token.object-missing"
    case .objectAmbiguous: "token.object-ambiguous"
    case .objectExists: "token.object-exists"
    case .publicKeyMissing: "token.public-key-missing"
    case .keySuite: "token.key-suite"
    case .keyUse: "token.key-use"
    case .keyChanged: "token.key-changed"
    case .firstSignature: "token.first-signature"
    case .answer: "token.answer"
    case .call: "token.call"
    }
  }

  public var explanation: String {
    switch self {
    case .uri(let fault): "the PKCS #11 URI is refused: \(fault.explanation)"
    case .module(let path, let reason): "the module \(path) cannot be used: \(reason)"
    case .absent(let present): "no token that is present agrees with the URI; present: \(Self.list(present))"
    case .ambiguous(let tokens): "several tokens agree with the URI: \(Self.list(tokens))"
    case .away(let token, let function, let code):
      "the token \(token) is away: \(function) answered \(Self.name(code))"
    case .pinNeeded(let token): "the token \(token) needs a PIN, and none was given"
    case .pinFile(let error): "the PIN cannot be read: \(error.explanation)"
    case .pinLength(let count, let limit): "the PIN has \(count) bytes; the limits are 1 and \(limit)"
    case .pinWrong(let token, let left): "the PIN of the token \(token) is wrong\(left.explanation)"
    case .pinFinalTry(let token):
      "the token \(token) locks itself at the next wrong PIN, so none was tried"
    case .pinLocked(let token): "the token \(token) is locked, because a wrong PIN was given too often"
    case .pinNotSet(let token): "the token \(token) has no PIN of the user yet"
    case .pinExpired(let token): "the token \(token) wants another PIN before it is used"
    case .suite(let suite, let token, let offered):
      "the token \(token) cannot sign for \(suite.name); it offers \(Self.list(offered))"
    case .noObject: "the PKCS #11 URI names no key"
    case .objectMissing(let wanted, let token, let present):
      "the token \(token) has no private key \(wanted); it has \(Self.list(present))"
    case .objectAmbiguous(let wanted, let token, let count):
      "the token \(token) has \(count) private keys \(wanted)"
    case .objectExists(let label, let token):
      "the token \(token) already has a key \(label.quoted), which is not overwritten"
    case .publicKeyMissing(let wanted, let token):
      "the token \(token) has the private key \(wanted), but not one public key with its identifier"
    case .keySuite(let wanted, let expected, let found):
      "the key \(wanted) is of \(found?.name ?? "no suite")" + (expected.map { ", but \($0.name) is needed" } ?? "")
    case .keyUse(let wanted, .notForSigning): "the key \(wanted) is not for signing"
    case .keyUse(let wanted, .pinForEachSignature): "the key \(wanted) asks for the PIN at each signature"
    case .keyChanged(let wanted, let expected, let found):
      "the key \(wanted) is another than before: its public key is \(found), and was \(expected)"
    case .firstSignature(let wanted, let token):
      "the token \(token) signed with the key \(wanted), but the signature does not hold under its public key"
    case .answer(let function, let fault): "the token's module broke the standard: \(function) gave \(fault)"
    case .call(let function, let code): "\(function) of the token's module answered \(Self.name(code))"
    }
  }

  public var nextStep: String {
    switch self {
    case .uri(let fault): fault.nextStep
    case .module: "give the module that the token's maker provides for this system, such as libsofthsm2.so of SoftHSM 2"
    case .absent, .ambiguous: "insert the token, or correct token and serial in the URI"
    case .away: "insert the token again, or bring it back to the network; it is used again as soon as it answers"
    case .pinNeeded: "add pin-source=file:/PATH to the URI, or --passphrase-env VARIABLE"
    case .pinFile, .pinLength: "put the PIN alone into a file that only its owner can read: chmod 600"
    case .pinWrong:
      "correct the PIN before the next start: the token locks itself after a few wrong ones, and it was tried once"
    case .pinFinalTry: "log in once with the tool of the token's maker and the right PIN, and start again"
    case .pinLocked: "unlock the token with the PIN of its security officer, and correct the PIN that is given here"
    case .pinNotSet: "set the user's PIN with the tool of the token's maker"
    case .pinExpired: "change the PIN with the tool of the token's maker"
    case .suite: "use a token that has the suite, or a key file"
    case .noObject: "add object=LABEL or id=%XX"
    case .objectMissing: "correct object and id in the URI, or create the key: roadbed keys new NAME --pkcs11 URI"
    case .objectAmbiguous: "add the id of the key to the URI, or give one of them another label"
    case .objectExists: "choose another name, or use the key that is there"
    case .publicKeyMissing: "store the public key beside the private one, with the same label and identifier"
    case .keySuite: "name a key of the chain's suite, or create one: roadbed keys new NAME --pkcs11 URI"
    case .keyUse: "create a key for this purpose: roadbed keys new NAME --pkcs11 URI"
    case .keyChanged: "bring the right token back, and start again"
    case .firstSignature: "replace the key: its halves do not match, or the token is broken"
    case .answer: "update the module; if it goes on, report it to the token's maker"
    case .call: "look the code up in the documents of the token's maker; check that the token works with its own tool"
    }
  }

  private static func list(_ items: [some CustomStringConvertible]) -> String {
    // A message stays readable, whatever the token has.
    let shown = items.prefix(10).map { "\($0)" }.joined(separator: ", ")
    return items.isEmpty ? "none" : shown + (items.count > 10 ? " and \(items.count - 10) more" : "")
  }
}

extension TokenError.PINAttempts {
  fileprivate var explanation: String {
    switch self {
    case .unknown: ""
    case .last: "; the token locks itself at the next wrong one"
    case .none: ", and the token is now locked"
    }
  }
}
