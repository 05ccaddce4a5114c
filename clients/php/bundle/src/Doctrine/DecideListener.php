<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Doctrine;

use Doctrine\Persistence\Event\LifecycleEventArgs;
use Doctrine\Persistence\ObjectManager;
use Psr\Log\LoggerInterface;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Contracts\Service\ResetInterface;
use Understudy\SymfonyBundle\Messenger\DecideMessage;

/**
 * Dispatches a DecideMessage for entities with #[Decide] after they are written. The `externalId` is the class and the
 * identifier (`App\Entity\Comment:12`), also in the `context` as `entity` and `entity_id`. Saving never fails on our
 * account: what cannot be dispatched is logged with its class and identifier.
 */
final class DecideListener implements ResetInterface
{
    /** @var list<array{object, Decide, ObjectManager}> */
    private array $saved = [];

    /** @var array<class-string, list<Decide>> */
    private array $attributes = [];

    public function __construct(
        private readonly MessageBusInterface $bus,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    /** @param LifecycleEventArgs<ObjectManager> $event */
    public function postPersist(LifecycleEventArgs $event): void
    {
        $this->remember($event, false);
    }

    /** @param LifecycleEventArgs<ObjectManager> $event */
    public function postUpdate(LifecycleEventArgs $event): void
    {
        $this->remember($event, true);
    }

    /** After the write: a worker must find the entity. */
    public function postFlush(): void
    {
        $saved = $this->saved;
        $this->saved = [];
        foreach ($saved as [$entity, $decide, $manager]) {
            try {
                $this->dispatch($entity, $decide, $manager);
            } catch (\Throwable $failure) {
                $this->logger?->error('{entity} was saved, but could not be given to {task}: {message}', [
                    'entity' => $this->nameOf($entity, $manager), 'task' => $decide->task, 'message' => $failure->getMessage(), 'exception' => $failure,
                ]);
            }
        }
    }

    public function onClear(): void
    {
        $this->saved = [];
    }

    public function reset(): void
    {
        $this->saved = [];
    }

    /** @param LifecycleEventArgs<ObjectManager> $event */
    private function remember(LifecycleEventArgs $event, bool $update): void
    {
        $entity = $event->getObject();
        $manager = $event->getObjectManager();
        foreach ($this->attributesOf($manager->getClassMetadata($entity::class)->getName()) as $decide) {
            if ($update && (!$decide->updates || !$this->changed($entity, $decide->field, $manager))) {
                continue;
            }
            $this->saved[] = [$entity, $decide, $manager];
        }
    }

    private function changed(object $entity, string $field, ObjectManager $manager): bool
    {
        if (!method_exists($manager, 'getUnitOfWork')) {
            return true;
        }

        return \array_key_exists($field, $manager->getUnitOfWork()->getEntityChangeSet($entity));
    }

    private function dispatch(object $entity, Decide $decide, ObjectManager $manager): void
    {
        $text = $this->value($entity, $decide->field);
        if ($text === null || $text === '') {
            return;
        }
        $class = $manager->getClassMetadata($entity::class)->getName();
        $id = $this->identifier($entity, $manager);
        $this->bus->dispatch(new DecideMessage(
            $decide->task,
            $text,
            $class . ':' . $id,
            $decide->subject === null ? null : $this->value($entity, $decide->subject),
            context: ['entity' => $class, 'entity_id' => $id],
            client: $decide->client,
        ));
    }

    private function value(object $entity, string $property): ?string
    {
        $class = new \ReflectionClass($entity);
        while (!$class->hasProperty($property)) {
            $class = $class->getParentClass() ?: throw new \LogicException(sprintf('#[Decide] names the property "%s", which %s does not have.', $property, $entity::class));
        }
        $value = $class->getProperty($property)->getValue($entity);

        return $value === null ? null : (string) $value;
    }

    private function identifier(object $entity, ObjectManager $manager): string
    {
        return implode('-', array_map(static fn (mixed $part): string => \is_scalar($part) || $part instanceof \Stringable ? (string) $part : get_debug_type($part), $manager->getClassMetadata($entity::class)->getIdentifierValues($entity)));
    }

    private function nameOf(object $entity, ObjectManager $manager): string
    {
        try {
            return $manager->getClassMetadata($entity::class)->getName() . ':' . $this->identifier($entity, $manager);
        } catch (\Throwable) {
            return $entity::class;
        }
    }

    /**
     * @param class-string $class
     *
     * @return list<Decide>
     */
    private function attributesOf(string $class): array
    {
        return $this->attributes[$class] ??= array_map(
            static fn (\ReflectionAttribute $attribute): Decide => $attribute->newInstance(),
            (new \ReflectionClass($class))->getAttributes(Decide::class),
        );
    }
}
