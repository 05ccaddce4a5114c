<?php

declare(strict_types=1);

namespace App\Security;

use App\Entity\User;
use Doctrine\DBAL\Connection;
use Symfony\Component\Security\Core\Exception\UnsupportedUserException;
use Symfony\Component\Security\Core\Exception\UserNotFoundException;
use Symfony\Component\Security\Core\User\UserInterface;
use Symfony\Component\Security\Core\User\UserProviderInterface;

/** @implements UserProviderInterface<User> */
final class Users implements UserProviderInterface
{
    /** No password has this hash: of members who only ever wrote. */
    public const NO_PASSWORD = '!';

    public function __construct(private readonly Connection $connection)
    {
    }

    public function loadUserByIdentifier(string $identifier): User
    {
        $row = $this->connection->fetchAssociative('SELECT * FROM member WHERE name = ?', [$identifier]);
        if ($row === false) {
            throw new UserNotFoundException();
        }

        return new User((int) $row['id'], (string) $row['name'], (string) $row['password'], (bool) $row['moderator']);
    }

    public function refreshUser(UserInterface $user): User
    {
        if (!$user instanceof User) {
            throw new UnsupportedUserException();
        }

        return $this->loadUserByIdentifier($user->name);
    }

    public function supportsClass(string $class): bool
    {
        return $class === User::class;
    }

    public function add(string $name, string $password = self::NO_PASSWORD, bool $moderator = false): int
    {
        $this->connection->insert('member', ['name' => $name, 'password' => $password, 'moderator' => $moderator], ['moderator' => 'boolean']);

        return (int) $this->connection->lastInsertId();
    }

    public function idOf(string $name): int
    {
        $id = $this->connection->fetchOne('SELECT id FROM member WHERE name = ?', [$name]);

        return $id === false ? $this->add($name) : (int) $id;
    }
}
