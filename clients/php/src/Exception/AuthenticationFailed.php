<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 401: the key is missing, wrong, expired or revoked. */
final class AuthenticationFailed extends UnderstudyException
{
}
