#ifndef ROADBED_COPENSSL_SHIM_H
#define ROADBED_COPENSSL_SHIM_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros that Swift cannot import.
static const int ROADBED_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
static const int ROADBED_KEY_PAIR = EVP_PKEY_KEYPAIR;

// OSSL_PARAM keeps a pointer to its name, so the name must outlive the call, which the C copy of a Swift string
// does not.
static const char *const ROADBED_PARAMETER_GROUP = OSSL_PKEY_PARAM_GROUP_NAME;
static const char *const ROADBED_PARAMETER_PUBLIC_KEY = OSSL_PKEY_PARAM_PUB_KEY;

#endif
