<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Doctrine\Common\EventManager;
use Doctrine\DBAL\Configuration;
use Doctrine\DBAL\DriverManager;
use Doctrine\ORM\EntityManager;
use Doctrine\ORM\ORMSetup;
use Doctrine\ORM\Tools\SchemaTool;
use Understudy\SymfonyBundle\Doctrine\DecideListener;

/** Doctrine as DoctrineBundle would set it up, with the listener where its tag would put it. */
final class Database
{
    public readonly EntityManager $manager;

    public function __construct(DecideListener $listener)
    {
        $events = new EventManager();
        $events->addEventListener(['postPersist', 'postUpdate', 'postFlush', 'onClear'], $listener);
        $orm = ORMSetup::createAttributeMetadataConfiguration([__DIR__], true, sys_get_temp_dir());
        $connection = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'memory' => true], new Configuration(), ...((new \ReflectionMethod(DriverManager::class, 'getConnection'))->getNumberOfParameters() > 2 ? [$events] : []));
        $this->manager = new EntityManager($connection, $orm, $events);
        (new SchemaTool($this->manager))->createSchema([$this->manager->getClassMetadata(Comment::class)]);
    }

    public function save(string $body): int
    {
        $comment = new Comment();
        $comment->body = $body;
        $this->manager->persist($comment);
        $this->manager->flush();

        return (int) $comment->id;
    }
}
