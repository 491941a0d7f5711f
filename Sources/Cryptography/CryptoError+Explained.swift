public import Primitives

extension CryptoError: ExplainedError {
  public var code: String {
    switch self {
    case .library: "crypto.library"
    case .publicKey(_, _, let fault):
      switch fault {
      case .prefix: "crypto.public-key-prefix"
      case .notCanonical: "crypto.public-key-not-canonical"
      case .notOnCurve: "crypto.public-key-not-on-curve"
      case .smallOrder: "crypto.public-key-small-order"
      }
    case .secret: "crypto.secret"
    case .file(_, let fault): fault.code
    case .certificateName: "crypto.certificate-name"
    case .certificate: "crypto.certificate"
    case .signer(let fault): fault.code
    }
  }

  public var explanation: String {
    switch self {
    case .library(let operation, let reason): "OpenSSL could not \(operation): \(reason)"
    case .publicKey(let key, let suite, let fault): "the public key \(key) is refused: \(fault.explanation(key, suite))"
    case .secret(let suite): "the secret is not a private key of \(suite.name): its 32 bytes are out of range"
    case .file(let path, let fault): "\(path): \(fault.explanation)"
    case .certificateName(let name): "\"\(name)\" has \(name.utf8.count) bytes and cannot be the name in a certificate"
    case .certificate(let field): "the certificate is refused: \(field) cannot be read"
    case .signer(let fault): fault.explanation
    }
  }

  public var nextStep: String {
    switch self {
    case .library: "check that libcrypto of OpenSSL 3 is fully installed and that memory is available, then try again"
    case .publicKey(_, let suite, _):
      "give the 66 hexadecimal digits that `roadbed keys show` prints for a key of the suite \(suite.name)"
    case .secret: "create a new key with `roadbed keys new`"
    case .file(let path, let fault): fault.nextStep(path)
    case .certificateName: "give a name of 1 to 63 bytes of a-z, A-Z, 0-9, dot and hyphen"
    case .certificate: "give the certificate that the node wrote, unchanged, in DER or as one PEM block"
    case .signer(let fault): fault.nextStep
    }
  }
}

extension PublicKeyFault {
  fileprivate func explanation(_ key: PublicKey, _ suite: Suite) -> String {
    switch self {
    case .prefix:
      "its first byte is \(Hex.encode([key.prefix])), but a key of \(suite.name) begins with "
        + (suite == .ed25519SHA256 ? "ed" : "02 or 03")
    case .notCanonical: "its number is not below the field's prime"
    case .notOnCurve: "it is not a point of the curve of \(suite.name)"
    case .smallOrder: "it is one of the eight points of small order, for which anyone can sign"
    }
  }
}

extension FileFault {
  fileprivate var code: String {
    switch self {
    case .missing: "crypto.file-missing"
    case .exists: "crypto.file-exists"
    case .system: "crypto.file-system"
    case .kind: "crypto.file-kind"
    case .tooOpen: "crypto.file-too-open"
    case .tooLong: "crypto.file-too-long"
    case .notPEM: "crypto.file-not-pem"
    case .damaged: "crypto.file-damaged"
    case .passphraseNeeded: "crypto.passphrase-needed"
    case .passphraseWrong: "crypto.passphrase-wrong"
    case .passphraseLength: "crypto.passphrase-length"
    case .derivation: "crypto.derivation-rounds"
    case .suite: "crypto.file-suite"
    case .mismatch: "crypto.file-mismatch"
    }
  }

  fileprivate var explanation: String {
    switch self {
    case .missing: "the file does not exist"
    case .exists: "the file already exists and is not overwritten"
    case .system(let operation, let code): "could not \(operation): \(systemText(code)) (errno \(code))"
    case .kind: "it is not a regular file"
    case .tooOpen(let mode): "its mode is \(octal(mode)), so other users can access it; the limit is 0600"
    case .tooLong(let limit): "it is longer than \(limit) bytes, so it is not a key or certificate"
    case .notPEM: "it contains no PEM block of the expected kind"
    case .damaged: "its PEM block cannot be decoded"
    case .passphraseNeeded: "the key is encrypted, but no passphrase was given"
    case .passphraseWrong: "the passphrase does not open the key, or the file is damaged"
    case .passphraseLength(let count, let limit): "the passphrase has \(count) bytes; the limits are 1 and \(limit)"
    case .derivation(let rounds, let limit):
      "the key is encrypted with \(rounds) rounds of key derivation; the limit is \(limit)"
    case .suite(let expected, let found): "it contains a key of type \(found), but the suite is \(expected.name)"
    case .mismatch: "the certificate does not match the key"
    }
  }

  fileprivate func nextStep(_ path: String) -> String {
    switch self {
    case .missing: "check the path, or create a key with `roadbed keys new`"
    case .exists: "choose another path, or move the old file away if you no longer need it"
    case .system: "check the directory's permissions and the free space on its disk"
    case .kind, .tooLong: "give the path of the PEM file itself"
    case .tooOpen:
      "run `chmod 600 \(path)`; if others could have read it, create a new key and replace this one on the chain"
    case .notPEM: "give a PEM file written by `roadbed keys new` or `openssl genpkey`"
    case .damaged, .mismatch: "restore the file from a backup, or create a new key and replace this one on the chain"
    case .passphraseNeeded, .passphraseWrong: "give the passphrase that the file was written with"
    case .passphraseLength(_, let limit): "give a passphrase of 1 to \(limit) bytes, or none for a key without one"
    case .derivation(_, let limit):
      "if the file is damaged, restore it; otherwise encrypt it again with at most \(limit) rounds: openssl pkcs8 -topk8 -iter"
    case .suite(let expected, _): "give a key file of the suite \(expected.name)"
    }
  }

  private func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
